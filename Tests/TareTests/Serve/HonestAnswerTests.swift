import Documents
import Foundation
import HTTPServer
import ModelService
import Regression
import Testing

@testable import Tare

@Suite("What an answer tells besides the estimate")
struct HonestAnswerTests {
    private static func query(
        _ length: String = "95", _ species: String = "salmon", _ more: [HTTPField] = []
    )
        -> [HTTPField]
    {
        [HTTPField("length", length), HTTPField("height", "18"), HTTPField("species", species)] + more
    }

    private static let surely = HTTPField("interval", "0.95")
    private static let explaining = HTTPField("explain", "true")

    @Test("the interval lies about the weight, and a surer one is wider")
    func interval() async throws {
        let harness = try RouteHarness()
        let answer = try #require(
            await harness.send("GET", "/prediction", query: Self.query("95", "salmon", [Self.surely])).document)
        #expect(answer.members?.map(\.name) == ["Weight", "ModelTime", "Lower", "Upper"])
        let (weight, lower, upper) = (
            try #require(answer["Weight"]?.double), try #require(answer["Lower"]?.double),
            try #require(answer["Upper"]?.double)
        )
        #expect(lower < weight && weight < upper)
        #expect(abs((upper - weight) - (weight - lower)) < 1e-12)
        let surer = await harness.send(
            "GET", "/prediction", query: Self.query("95", "salmon", [HTTPField("interval", "0.99")]))
        #expect(try #require(surer.document?["Upper"]?.double) > upper)
    }

    @Test("the contributions, added as they stand, are the weight to the last bit", arguments: ["salmon", "walleye"])
    func explained(_ species: String) async throws {
        for levels in [["salmon"], ["salmon", "walleye"], ["pike", "salmon"]] {
            let harness = try RouteHarness(levels: levels)
            for length in stride(from: 71.3, to: 104, by: 1.7) {
                let answer = await harness.send(
                    "GET", "/prediction", query: Self.query("\(length)", species, [Self.explaining]))
                let parts = try #require(answer.document?["Contributions"]?.members)
                let values = try parts.map { try #require($0.value.double) }
                #expect(values.dropFirst().reduce(values[0], +) == answer.document?["Weight"]?.double)
                let isFactorUsed = levels.count > 1 && levels.contains(species)
                #expect(parts.map(\.name) == ["(Intercept)", "length", "height"] + (isFactorUsed ? ["species"] : []))
            }
        }
    }

    @Test("a model without degrees of freedom to spare says so, and gives no bounds")
    func noDegreesOfFreedom() async throws {
        let harness = try RouteHarness(rows: Fish.rows(3))
        let answer = await harness.send("GET", "/prediction", query: Self.query("85", "salmon", [Self.surely]))
        #expect(answer.status == 200)
        #expect(answer.document?["Lower"] == .null && answer.document?["Upper"] == .null)
        #expect(answer.document?["NoInterval"]?.text?.contains("more rows than coefficients") == true)
    }

    @Test(
        "a measurement far outside the training rows is flagged, an ordinary one is not",
        arguments: [
            ("95", false), ("80", false), ("200", true), ("20", true),
        ])
    func extrapolated(_ length: String, _ isFar: Bool) async throws {
        for levels in [["salmon"], ["salmon", "walleye"], ["pike"], ["pike", "walleye"]] {
            let answer = await (try RouteHarness(levels: levels)).send("GET", "/prediction", query: Self.query(length))
            #expect(answer.document?["Extrapolated"] == (isFar ? true : nil))
        }
    }

    @Test(
        "what is asked for and is not understood is named",
        arguments: [
            [HTTPField("interval", "1")], [HTTPField("interval", "0")], [HTTPField("interval", "95%")],
            [HTTPField("interval", "NaN")], [surely, surely], [HTTPField("explain", "1")], [explaining, explaining],
            [HTTPField("explain", "")],
        ])
    func bad(_ options: [HTTPField]) async throws {
        let harness = try RouteHarness()
        let get = await harness.send("GET", "/prediction", query: Self.query("95", "salmon", options))
        #expect(get.status == 400 && get.isProblem)
        #expect(get.document?["parameter"] == .string(options[0].name))
        let post = await harness.send("POST", "/prediction", query: options, body: Self.line)
        #expect(post.status == 400 && post.isProblem)
    }

    @Test("POST /prediction tells the same of every row")
    func post() async throws {
        let harness = try RouteHarness()
        let options = [Self.surely, Self.explaining]
        let response = await harness.send("POST", "/prediction", query: options, body: "[\(Self.line),\(Self.line)]")
        let single = await harness.send("GET", "/prediction", query: Self.query("95", "salmon", options))
        let members = try #require(single.document?.members)
        let answers = try #require(response.document?.elements)
        #expect(
            answers == [JSON.object(members + [JSON.Member("id", 7)]), JSON.object(members + [JSON.Member("id", 7)])])
    }

    private static let line = #"{"id":7,"length":95,"height":18,"species":"salmon"}"#

    @Test("where unseen species are rejected, the answer is 422 and names those that are known")
    func rejected() async throws {
        let harness = try RouteHarness(levels: ["salmon", "walleye"], unseen: .reject)
        #expect(await harness.send("GET", "/prediction", query: Self.query()).status == 200)
        let get = await harness.send("GET", "/prediction", query: Self.query("95", "pike"))
        #expect(get.status == 422 && get.isProblem && get.header("Model-Version")?.isEmpty == false)
        #expect(get.document?["parameter"] == "species" && get.document?["given"] == "pike")
        #expect(get.document?["accepted"] == "a species that the model was fitted on: salmon, walleye")
        let row = #"{"id":8,"length":95,"height":18,"species":"pike"}"#
        let post = await harness.send("POST", "/prediction", body: "[\(Self.line),\(row)]")
        #expect(post.document?.elements?.map { $0["status"] } == [nil, 422])
    }
}

@Suite("Intervals against R's", .enabled(if: SharedGolden.isThere, "no reference data beside the project"))
struct GoldenIntervals {
    @Test(
        "Lower and Upper are R's to 9 digits",
        arguments: [
            "a_training_weight_length_height", "b_stream_first_60_salmon", "b_stream_last50_after_fish_073",
            "b_stream_all_180", "b_stream_walleye_061_120",
        ])
    func intervals(_ name: String) async throws {
        let file = SharedGolden.folder.appending(path: "\(name).json")
        let document = try JSON(parsing: Data(contentsOf: file))
        let rows = try #require(document["data"]?.elements).map { row in
            Observation(
                level: row["species"]?.text ?? "salmon", predictors: [row["length"]?.double, row["height"]?.double],
                actual: row["weight"]?.double, timestamp: nil)
        }
        let harness = try RouteHarness(rows: rows)
        let confidence = HTTPField("interval", try #require(document["interval_level"]?.compact))
        // R answers for a fish of no length too; the server does not.
        let probes = try #require(document["probes"]?.elements).filter { probe in
            ["length", "height"].allSatisfy { 0 < probe[$0]?.double ?? 0 && probe[$0]?.double ?? 0 <= 1000 }
        }
        #expect(probes.count > 2)
        for probe in probes {
            let answer = await harness.send(
                "GET", "/prediction",
                query: [
                    HTTPField("length", try #require(probe["length"]?.compact)),
                    HTTPField("height", try #require(probe["height"]?.compact)),
                    HTTPField("species", probe["species"]?.text ?? "salmon"), confidence,
                ])
            for (field, figure) in [("Weight", "fit"), ("Lower", "lwr"), ("Upper", "upr")] {
                let value = try #require(answer.document?[field]?.double, "\(answer.text)")
                let expected = try #require(probe[figure]?.double)
                #expect(abs(value - expected) <= 1e-9 * abs(expected), "\(name): \(field)")
            }
        }
    }
}

/// What R answered, beside the project.
enum SharedGolden {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../shared/data/golden").standardizedFileURL

    static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }
}
