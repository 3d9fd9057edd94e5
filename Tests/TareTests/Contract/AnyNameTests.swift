import Documents
import Foundation
import MongoTesting
import Testing

@testable import Tare

/// Columns of any name that R or a CSV file can have, on every way through the program.
@Suite("Columns of any name", .timeLimit(.minutes(40)))
struct AnyNameTests {
    private static let formula =
        #"log(`Größe/Stück`) ~ `Petal.Length` + `Höhe über NN` * `stack.loss` + `$type` + `a "b" & c`"#

    /// A row's cells in the order of the header, quoted as RFC 4180 has it.
    private func csv(_ rows: [JSON]) -> String {
        func cell(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }
        let header = (rows[0].members ?? []).map { cell($0.name) }.joined(separator: ",")
        let lines = rows.map { row in
            (row.members ?? []).map { cell($0.value.text ?? $0.value.compact) }.joined(separator: ",")
        }
        return ([header] + lines).joined(separator: "\n") + "\n"
    }

    private func fit(in folder: URL) throws -> String {
        let (rows, model) = (folder.appending(path: "rows.csv"), folder.appending(path: "model.json").path)
        try Data(csv(ServedExample.oddRows).utf8).write(to: rows)
        let result = try TareProcess.run([
            "fit", rows.path, "--formula", Self.formula, "--identifier", "no.", "--timestamp", "time.stamp", "--out",
            model,
        ])
        guard result.status == 0 else { throw LiveServer.Failure(description: result.errors) }
        return model
    }

    private static func query(_ row: JSON) -> String {
        let allowed = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "0"..."z"))
        func encoded(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: allowed) ?? "" }
        return (row.members ?? []).map { "\(encoded($0.name))=\(encoded($0.value.text ?? $0.value.compact))" }
            .joined(separator: "&")
    }

    @Test(
        "a CSV file makes a model that answers under its names and is trained on a stream's rows, in SQLite and MongoDB",
        arguments: ["sqlite", "mongodb"])
    func wholeWay(_ store: String) throws {
        guard store == "sqlite" || MongoServer.isAvailable else { return }
        try withLiveFolder { folder in
            let model = try fit(in: folder)
            let database = "tare_names_\(ProcessInfo.processInfo.processIdentifier)"
            let stored = try store == "sqlite" ? [] : ["--store", "\(MongoServer.sharedURI())/\(database).rows"]
            let server = try LiveServer(folder: folder, ["--initial-model", model] + stored)
            defer {
                if store == "mongodb", let uri = try? MongoServer.sharedURI() {
                    _ = try? MongoShell(uri: uri, database: database).run(["dropDatabase": 1])
                }
            }
            let row = ServedExample.oddRows[4]
            let answer = try server.get("/prediction?\(Self.query(row))")
            #expect(answer.status == 200, "\(answer.text)")
            let estimate = try #require(answer.document?["Größe/Stück"]?.double)
            #expect(abs(estimate / (row["Größe/Stück"]?.double ?? 0) - 1) < 0.1, "\(answer.text)")
            let posted = try server.post("/prediction", row.compact)
            #expect(posted.document?["Größe/Stück"]?.double == estimate, "\(posted.text)")

            let events = folder.appending(path: "events.ndjson")
            try Data(Self.events(150).utf8).write(to: events)
            let result = try TareProcess.run([
                "stream", "--server", "http://127.0.0.1:\(server.port)", "--source", events.path, "--output", "ndjson",
                "--detector", "window", "--threshold", "10",
            ])
            #expect(result.status == 0, "\(result.errors)")
            let told = result.output.split(separator: "\n").compactMap { try? JSON(parsing: Array($0.utf8)) }
            #expect(told.count == 150 && told.allSatisfy { $0["stack.loss"]?.text != nil })
            #expect(told.last?["Petal.Length"]?.double != nil && told.last?["Höhe über NN"]?.double != nil)
            let trained = try server.post("/train?force=true", "{}")
            #expect(trained.document?["status"] == "retrained" && trained.document?["rows"] == 50, "\(trained.text)")
            #expect(trained.document?["coefficients"]?["`Höhe über NN`"]?.double != nil, "\(trained.text)")
            #expect(server.stop().status == 0)
        }
    }

    /// Rows of the same rule, each measured and told ten seconds later.
    private static func events(_ count: Int) -> String {
        let rows = ServedExample.oddRows
        return (0..<count).map { number in
            let time = Timestamp(milliseconds: 1_623_240_000_000 + Int64(number) * 1000)
            let row = rows[number % rows.count].members ?? []
            func event(_ time: Timestamp, without names: [String]) -> String {
                let members = row.filter { !names.contains($0.name) }.map { member in
                    switch member.name {
                    case "no.": JSON.Member("no.", .string("\(number)"))
                    case "time.stamp": JSON.Member("time.stamp", .string("\(time)"))
                    default: member
                    }
                }
                return JSON.object(members).compact + "\n"
            }
            let told = row.map(\.name).filter { !["no.", "time.stamp", "Größe/Stück"].contains($0) }
            return event(time, without: ["Größe/Stück"]) + event(time.advanced(byMilliseconds: 500), without: told)
        }.joined()
    }

    @Test("records of Kafka carry the names, and topics those that Kafka takes")
    func kafka() throws {
        try withLiveFolder { folder in
            let model = try fit(in: folder)
            let records = ServedExample.oddRows.prefix(40).enumerated().flatMap { number, row in
                let time = JSON.integer(1_623_240_000_000 + Int64(number) * 2000)
                let measured = (row.members ?? []).filter { !["no.", "time.stamp", "Größe/Stück"].contains($0.name) }
                let prediction = JSON.object(measured + [.init("Prediction", ["Größe/Stück": 5])])
                return [("Gr__e_St_ck-prediction", prediction), ("machine-Gr__e_St_ck", ["Größe/Stück": 4])].map {
                    topic, payload -> JSON in
                    [
                        "topic": .string(topic), "ts": time, "key": .string("\(number)"),
                        "payload": .string(payload.compact),
                    ]
                }
            }
            let file = folder.appending(path: "capture.jsonl")
            try Data(records.map { $0.compact + "\n" }.joined().utf8).write(to: file)
            let result = try TareProcess.run([
                "stream", "--source", "kcat:\(file.path)", "--roles", "join,window", "--model", model, "--output",
                "kcat",
            ])
            #expect(result.status == 0, "\(result.errors)")
            let lines = try result.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
            let evaluated = lines.filter { $0["topic"] == "Gr__e_St_ck-diff" }
            #expect(evaluated.count == 40, "\(result.output.prefix(300))")
            let payload = try JSON(parsing: try #require(evaluated.last?["payload"]?.text))
            #expect(payload["stack.loss"]?.text != nil && payload["Petal.Length"]?.double != nil)
            #expect(payload["Größe/Stück"]?.double == 4 && payload["$type"]?.text != nil, "\(payload.compact)")
        }
    }
}
