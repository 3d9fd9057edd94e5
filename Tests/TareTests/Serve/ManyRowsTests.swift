import Documents
import HTTPServer
import ModelService
import Regression
import SeededTesting
import Specification
import Testing

@testable import Tare

/// Houses, with names beyond ASCII, for any formula.
private struct Houses {
    static let districts = ["harbour", "north", "Übersee"]
    static let heatings = ["gas", "oil"]

    let specification: ModelSpecification
    let model: ModelVersion

    init(_ formula: String, group: String? = "district", estimate: ModelSpecification.EstimateKind = .median) throws {
        let factors = ["district", "heating"].map { ModelSpecification.Factor(name: $0, field: $0, charactersMax: 20) }
        let specification = ModelSpecification(
            subject: "houses",
            response: .init(name: "price", field: "Preis", actualField: "price", predictedField: "Predicted"),
            predictors: [
                .init(name: "area", field: "Fläche", maximum: 1e4), .init(name: "rooms", field: "rooms", maximum: 1e4),
            ],
            factor: factors.first { $0.name == group }, otherFactors: factors.filter { $0.name != group },
            formula: try Formula(formula, factors: ["district", "heating"]),
            errorMeasure: estimate == .mean ? .relative : .sigma, estimate: estimate,
            fields: .init(
                identifier: "Nr.", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime",
                unseenLevel: "UnseenDistrict"))
        self.specification = specification
        let rows = (0..<60).map { index in
            let (district, heating) = (Self.districts[index % 3], Self.heatings[index / 3 % 2])
            let (area, rooms) = (40 + Double(index * 37 % 101), Double(1 + index * 7 % 5))
            return Observation(
                level: group == nil ? "" : district, otherLevels: group == nil ? [district, heating] : [heating],
                predictors: [area, rooms],
                actual: (area * (3 + Double(index % 3)) + 20 * rooms) * (1 + Double(index * 53 % 17) / 400),
                timestamp: Timestamp(milliseconds: Int64(index) * 60_000))
        }
        model = try ModelVersion(
            fitting: TrainingRows(oldestFirst: rows, specification: specification),
            time: Timestamp(milliseconds: 1_622_620_132_137), parent: nil, trigger: .null)
    }

    /// Rows of every kind: most as programs write them, some with something special, some of them wrong.
    static func row(_ random: inout some RandomNumberGenerator) -> String {
        func any(_ values: String...) -> String { values.randomElement(using: &random)! }
        var members = [
            any(#""area""#, #""area""#, #""Fläche""#, "\"Fla\u{308}che\"", #""\u0061rea""#) + ":"
                + any("95", "61.25", "140.12345678901234", "4000", "0", "1e400", "null", "\"95\"", "0.0001", "8e3"),
            #""rooms": "# + any("1", "2", "3", "4.0", "5", "7", "2.5", "3e0"),
            #""district":"#
                + any(#""north""#, #""harbour""#, #""Übersee""#, #""Harbour ""#, #""moon""#, "7", #""a\u0000""#),
            #""heating" :"# + any(#""gas""#, #""oil""#, #""wood""#, #""g\u0061s""#, #""""#),
            #""Nr.":"#
                + any(#""17""#, "17", "-0", "1.50", #""🐟""#, #""a\"b""#, "null", "true", "[1]", "12345678901234567890"),
            #""id":"# + any(#""é""#, "7", #"{"a":1}"#), #""Note":"# + any(#""x""#, #""\n""#, "[[]]", #"{"a":1,"a":2}"#),
        ]
        if Int.random(in: 0..<10, using: &random) == 0 {
            members.append(members[Int.random(in: 0..<7, using: &random)])
        }
        if Int.random(in: 0..<4, using: &random) == 0 { members.shuffle(using: &random) }
        if Int.random(in: 0..<3, using: &random) == 0 { members.removeLast(Int.random(in: 1...3, using: &random)) }
        return "{\(members.joined(separator: ","))}"
    }
}

@Suite("Many rows are answered as each alone")
struct ManyRowsTests {
    @Test(
        "whatever the formula, the levels and what else a row holds, in an array and one a line",
        arguments: [
            "price ~ area + rooms", "log(price) ~ log(area) + rooms * district + heating",
            "price ~ poly(area, 2) * district + factor(rooms)", "sqrt(price) ~ 0 + district:heating + area",
            "price ~ I(area / rooms) + heating", "price ~ district", "price ~ 1", "price ~ 0 + area",
        ], ["district", nil])
    func sameAsAlone(formula: String, group: String?) async throws {
        let houses = try Houses(formula, group: group, estimate: formula.hasPrefix("log") ? .mean : .median)
        try await expectSame(RouteHarness(model: houses.model), count: 60)
    }

    @Test("also where levels that differ in case are one, and where those that are new are refused")
    func settings() async throws {
        let houses = try Houses("price ~ area + district + heating")
        var settings = ModelService.Settings()
        settings.foldsCase = true
        try await expectSame(RouteHarness(model: houses.model, settings: settings), count: 60)
        try await expectSame(RouteHarness(model: houses.model, unseen: .reject), count: 60)
    }

    @Test("also with an interval and what each term adds")
    func options() async throws {
        let houses = try Houses("price ~ area + district + heating")
        try await expectSame(
            RouteHarness(model: houses.model), count: 40,
            query: [HTTPField("interval", "0.9"), HTTPField("explain", "true")])
    }

    private func expectSame(_ harness: RouteHarness, count: Int, query: [HTTPField] = []) async throws {
        var random = SeededGenerator(seed: 4)
        // A hundred problems are told at most.
        var (rows, problems) = ([String](), 0)
        var alone: [[UInt8]] = []
        while rows.count < count {
            let row = Houses.row(&random)
            let answer = await harness.send("POST", "/prediction", query: query, body: row)
            // Of itself it is no body: an array that holds it is none either.
            if answer.document?["detail"]?.text?.hasPrefix("the body is not JSON") == true { continue }
            problems += answer.status == 200 ? 0 : 1
            guard problems <= 100 else { continue }
            rows.append(row)
            alone.append(answer.status == 200 ? answer.body : withoutRequest(answer))
        }
        let array = await harness.send("POST", "/prediction", query: query, body: "[\(rows.joined(separator: ",\n"))]")
        #expect(array.text == "[\(alone.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ","))]")
        let lines = await harness.send("POST", "/prediction", query: query, body: rows.joined(separator: "\n"))
        #expect(lines.text == alone.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined())
    }

    /// A problem of a row in a body has no identifier of its own.
    private func withoutRequest(_ answer: HTTPResponse) -> [UInt8] {
        JSON.object((answer.document?.members ?? []).filter { $0.name != "requestId" }).bytes
    }

    @Test("each is counted for its group, many in one body as one in each of many")
    func counted() async throws {
        let houses = try Houses("price ~ area + district")
        let harness = try RouteHarness(model: houses.model)
        func row(_ district: String) -> String { #"{"area":95,"rooms":2,"district":"\#(district)","heating":"gas"}"# }
        let rows = (0..<1000).map { row(["north", "harbour", "moon \($0)"][$0 % 3]) }
        _ = await harness.send("POST", "/prediction", body: "[\(rows.joined(separator: ","))]")
        let text = await harness.send("GET", "/metrics").text
        let counts = text.split(separator: "\n").filter { $0.hasPrefix("tare_predictions_total") }
        func count(_ group: String) -> Double? {
            counts.first { $0.contains("\"\(group)\"") }?.split(separator: " ").last.flatMap { Double($0) }
        }
        #expect([count("north"), count("harbour"), count("other")] == [334, 333, 333], "\(counts)")
    }
}
