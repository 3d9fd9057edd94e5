import Documents
import Foundation
import ModelService
import Testing

@testable import Tare

/// The program as a stranger uses it: a file of rows and a formula, a server on that model alone, and events.
@Suite("Any regression", .timeLimit(.minutes(40)))
struct AnyRegressionTests {
    /// Houses whose price follows `log(price) ~ log(area) + rooms * district` but for a small wave.
    private struct House {
        let number: Int
        let area: Double
        let rooms: Int
        let district: String
        let price: Double

        init(_ number: Int, factor: Double = 1) {
            self.number = number
            area = 40 + Double(number * 37 % 101)
            rooms = 1 + number * 7 % 5
            district = ["harbour", "north", "old town"][number % 3]
            let wave = Double(number * 53 % 17) / 17 - 0.5
            price =
                factor * (900 * area.squareRoot() * (1 + 0.05 * Double(rooms * (1 + number % 3)))) * (1 + 0.02 * wave)
        }

        static let head = "id,area,rooms,district,price\n"
        var line: String { "\(number),\(area),\(rooms),\(district),\(price)\n" }

        /// Measured every minute, and sold half a minute later.
        var events: [String] {
            let time = Timestamp(milliseconds: 1_700_000_000_000 + Int64(number) * 60_000)
            let told = time.advanced(byMilliseconds: 30_000)
            return [
                #"{"id":"\#(number)","area":\#(area),"rooms":\#(rooms),"district":"\#(district)","sold":"\#(time)"}"#,
                #"{"id":"\#(number)","price":\#(price),"sold":"\#(told)"}"#,
            ]
        }
    }

    private static let formula = "log(price) ~ log(area) + rooms * district"

    private func fit(_ folder: URL, _ options: [String] = []) throws -> String {
        let (rows, model) = (folder.appending(path: "houses.csv"), folder.appending(path: "price.json").path)
        try Data((House.head + (0..<120).map { House($0).line }.joined()).utf8).write(to: rows)
        let result = try TareProcess.run(
            ["fit", rows.path, "--formula", Self.formula, "--out", model] + options)
        guard result.status == 0 else { throw LiveServer.Failure(description: result.errors) }
        return model
    }

    @Test(
        "a file and a formula make a model, a server on it alone predicts, and its answers name the file's own columns")
    func fitAndServe() throws {
        try withLiveFolder { folder in
            let model = try fit(folder, ["--specification", try specification(in: folder)])
            let server = try LiveServer(folder: folder, ["--initial-model", model])
            let answer = try server.get("/prediction?area=75&rooms=3&district=north&interval=0.95")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.document?.members?.map(\.name) == ["price", "ModelTime", "Lower", "Upper"])
            let price = try #require(answer.document?["price"]?.double)
            let (lower, upper) = (answer.document?["Lower"]?.double ?? 0, answer.document?["Upper"]?.double ?? 0)
            #expect(lower < price && price < upper && abs(price / 10_500 - 1) < 0.3, "\(answer.text)")
            let unseen = try server.get("/prediction?area=75&rooms=3&district=west")
            #expect(unseen.document?["Unseen"] == ["district": "west"])
            let refused = try server.get("/prediction?area=75&rooms=3")
            #expect(refused.status == 400 && refused.text.contains("district"))
            let stated = try server.get("/specification").document
            #expect(stated?["formula"]?.text == Self.formula && stated?["subject"]?.text == "houses")
            #expect(server.stop().status == 0)
        }
    }

    private func specification(in folder: URL) throws -> String {
        let file = folder.appending(path: "houses.yaml")
        try Data("subject: houses\nfields:\n  timestamp: sold\npredictors:\n- name: area\n  unit: m2\n".utf8).write(
            to: file)
        return file.path
    }

    @Test("means and sigmas are answered, and a stream measures its errors by them")
    func meansAndSigmas() throws {
        try withLiveFolder { folder in
            let model = try fit(
                folder,
                ["--estimate", "mean", "--error-measure", "sigma", "--specification", try specification(in: folder)])
            let server = try LiveServer(folder: folder, ["--initial-model", model])
            let answer = try server.get("/prediction?area=75&rooms=3&district=north").document
            #expect(answer?.members?.map(\.name) == ["price", "ModelTime", "Median", "Sigma"])
            let (mean, median) = (answer?["price"]?.double ?? 0, answer?["Median"]?.double ?? 0)
            let sigma = try #require(answer?["Sigma"]?.double)
            #expect(mean > median && mean < 1.001 * median && sigma > 0)
            let events = folder.appending(path: "events.ndjson")
            try Data((0..<30).flatMap { House($0, factor: 1.5).events }.joined(separator: "\n").utf8).write(to: events)
            let stream = try TareProcess.run(
                [
                    "stream", "--server", "http://127.0.0.1:\(server.port)", "--source", events.path, "--output",
                    "ndjson", "--roles", "predict,join",
                ])
            #expect(stream.status == 0, "\(stream.errors)")
            let rows = try stream.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
            #expect(rows.count == 30)
            for row in rows {
                let (median, actual) = (row["Median"]?.double ?? 0, row["price"]?.double ?? 0)
                let error = try #require(row["Error"]?.double)
                #expect(abs(error - abs(log(actual / median)) / sigma) < 1e-6 * error && error > 10)
            }
            #expect(server.stop().status == 0)
        }
    }

    @Test("a stream over it takes names and formula from the server, finds a change of all prices and has it mended")
    func stream() throws {
        try withLiveFolder { folder in
            let model = try fit(folder, ["--specification", try specification(in: folder)])
            let server = try LiveServer(folder: folder, ["--initial-model", model])
            let events = (200..<900).flatMap { House($0, factor: $0 < 400 ? 1 : 1.4).events }
            let file = folder.appending(path: "events.ndjson")
            try Data((events.joined(separator: "\n") + "\n").utf8).write(to: file)
            let result = try TareProcess.run([
                "stream", "--server", "http://127.0.0.1:\(server.port)", "--source", file.path, "--output", "ndjson",
            ])
            #expect(result.status == 0, "\(result.errors)")
            let lines = result.output.split(separator: "\n").compactMap { try? JSON(parsing: Array($0.utf8)) }
            let rows = lines.filter { $0["price"] != nil }
            #expect(rows.count == 700 && lines.contains { $0["WindowStart"] != nil })
            let errors = rows.suffix(200).compactMap { $0["Error"]?.double }
            #expect(errors.count == 200 && errors.reduce(0, +) / 200 < 0.03, "\(errors.suffix(5))")
            #expect(rows[0].members?.map(\.name).contains("district") == true)
            #expect(server.stop().status == 0)
        }
    }

    @Test(
        "what is wrong is said with what is accepted, and ends with 1",
        arguments: [
            (["--formula", "price ~ sin(area)"], "the function 'sin' is not known"),
            (["--formula", "price ~ size"], "the formula names 'size', and"),
            (["--formula", "price ~ area +"], "a name, a number or a parenthesis should stand here"),
            (["--formula", "price ~ area", "--group", "rooms"], "--group is 'rooms', which is a column of numbers"),
            (["--formula", "price ~ area", "--group", "street"], "--group is 'street', and"),
            (["--formula", "district ~ area"], "the response 'district' holds levels"),
            (["--formula", "price ~ area", "--identifier", "nr"], "--identifier is 'nr', and"),
            ([], "--formula fits any columns"),
            (["--group", "district"], "--formula is missing"),
            (["--formula", "balance ~ area", "--error-measure", "relative"], "needs 'balance' above 0"),
            (["--formula", "price ~ area", "--specification", "/nowhere.yaml"], "cannot read /nowhere.yaml"),
        ] as [([String], String)])
    func wrong(options: [String], message: String) throws {
        try withLiveFolder { folder in
            let rows = folder.appending(path: "houses.csv")
            let lines = (0..<30).map { "\($0),\(40 + $0),\(1 + $0 % 4),north,\(1000 + $0 % 7),\($0 - 5)\n" }
            try Data(("id,area,rooms,district,price,balance\n" + lines.joined()).utf8).write(to: rows)
            let result = try TareProcess.run(["fit", rows.path] + options)
            #expect(result.status != 0 && result.errors.contains(message), "\(result.errors)")
        }
    }

    @Test("a store with rows of something else is refused, and what they lack is named")
    func foreignStore() throws {
        try withLiveFolder { folder in
            let fish = try LiveServer(folder: folder)
            try fish.record(Fish.rows(20).map { $0.document(.fish) })
            #expect(fish.stop().status == 0)
            let model = try fit(folder)
            let result = try TareProcess.run([
                "serve", "--port", "0", "--store", "sqlite:\(folder.path)/rows.sqlite", "--initial-model", model,
                "--models", "\(folder.path)/others", "--journal", "\(folder.path)/journal",
            ])
            #expect(result.status != 0)
            #expect(
                result.errors.contains("the newest 20 have none of the fields district, area, rooms, price"),
                "\(result.errors)")
        }
    }

    @Test("tare specification prints what a file and a formula give, as YAML that --specification reads")
    func printed() throws {
        try withLiveFolder { folder in
            let rows = folder.appending(path: "rows.csv")
            let lines = (0..<30).map { "\(40 + $0),\(["a b", "c"][$0 % 2]),\($0 % 7 - 3)\n" }
            try Data(("stack.loss,Größe (Art),Petal Length\n" + lines.joined()).utf8).write(to: rows)
            let formula = "`Petal Length` ~ stack.loss * `Größe (Art)`"
            let printed = try TareProcess.run(["specification", rows.path, "--formula", formula])
            #expect(printed.status == 0, "\(printed.errors)")
            #expect(printed.output.contains("errorMeasure: absolute"))
            let file = folder.appending(path: "s.yaml"), model = folder.appending(path: "m.json").path
            try Data(printed.output.utf8).write(to: file)
            let fit = try TareProcess.run(["fit", rows.path, "--specification", file.path, "--out", model])
            #expect(fit.status == 0, "\(fit.errors)")
            let again = try TareProcess.run(["specification", model])
            #expect(again.output == printed.output)
            let server = try LiveServer(folder: folder, ["--initial-model", model])
            let answer = try server.get("/prediction?stack.loss=50&Gr%C3%B6%C3%9Fe%20(Art)=a%20b")
            #expect(answer.status == 200 && answer.document?["Petal Length"]?.double != nil, "\(answer.text)")
            let posted = try server.post("/prediction", #"{"stack.loss":50,"Größe (Art)":"a b"}"#)
            #expect(posted.document?["Petal Length"] == answer.document?["Petal Length"], "\(posted.text)")
            #expect(server.stop().status == 0)
        }
    }
}
