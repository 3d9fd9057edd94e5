import Documents
import Foundation
import ModelService
import Regression
import Testing

@testable import Tare

/// What Kafka's HTTP sinks put on the wire, replayed to a running server.
@Suite("POST /train behind the sink connectors", .timeLimit(.minutes(40)))
struct ConnectorReplayTests {
    struct Delivery: Sendable, CustomStringConvertible {
        let description: String
        var headers = Self.confluent("text/plain; charset=UTF-8")
        let body: String
        /// Windows as milliseconds of their start, and species.
        var windows: [Int64] = []
        var species: [String] = []

        /// As Apache's client sends them, which Confluent's sink is built on.
        static func confluent(_ type: String) -> [String] {
            [
                "Content-Type: \(type)", "Connection: Keep-Alive",
                "User-Agent: Apache-HttpClient/4.5.13 (Java/11.0.14.1)", "Accept-Encoding: gzip,deflate",
            ]
        }

        /// As Java's client sends the first request of a connection, which Aiven's sink is built on.
        static let aiven = [
            "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
            "Upgrade: h2c", "User-Agent: Java-http-client/17.0.15",
        ]
    }

    private static func trigger(_ window: Int64, _ species: String = "walleye") -> String {
        #"{"Species":["\#(species)"],"Fish_Id_Start":"44","Fish_Id_End":"73","ErrorAvg":0.41,"#
            + #""WindowStart":\#(window),"WindowEnd":\#(window + 60_000)}"#
    }

    private static let start: Int64 = 1_623_245_940_000

    static let deliveries = [
        Delivery(
            description: "Confluent, Java's map text",
            body: "{Fish_Id_End=73, Fish_Id_Start=44, ErrorAvg=0.41, Species=[walleye]}", species: ["walleye"]),
        Delivery(
            description: "Confluent, map text of the tutorial",
            body: "{FISH_ID_START=101, FISH_ID_END=110, ERRORAVG=0.3465000000000001, SPECIES=[salmon, walleye]}",
            species: ["salmon", "walleye"]),
        Delivery(
            description: "Confluent, two map texts in a batch",
            body: "{Fish_Id_End=3, Fish_Id_Start=1, ErrorAvg=0.2, Species=[pike]},{Fish_Id_End=6, Fish_Id_Start=4, "
                + "ErrorAvg=0.3, Species=[tench]}", species: ["pike", "tench"]),
        Delivery(description: "Confluent, a JSON object", body: trigger(start), windows: [start], species: ["walleye"]),
        Delivery(
            description: "Confluent, a JSON array of one", headers: Delivery.confluent("application/json"),
            body: "[\(trigger(start + 60_000))]", windows: [start + 60_000], species: ["walleye"]),
        Delivery(
            description: "Confluent, a JSON array of three",
            body: "[" + (2...4).map { trigger(start + $0 * 60_000) }.joined(separator: ",") + "]",
            windows: (2...4).map { start + $0 * 60_000 }, species: ["walleye"]),
        Delivery(
            description: "Confluent, an array of strings",
            body: JSON.array([.string(trigger(start + 300_000)), .string(trigger(start + 360_000))]).compact,
            windows: [start + 300_000, start + 360_000], species: ["walleye"]),
        Delivery(
            description: "Confluent, with the record's Kafka headers",
            headers: Delivery.confluent("text/plain; charset=UTF-8") + [
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "__connect.errors.topic: weight-retrain", "x-empty:", "x-json: {\"a\":[1,2]}",
            ], body: trigger(start + 420_000), windows: [start + 420_000], species: ["walleye"]),
        Delivery(
            description: "Aiven, the first request asks for HTTP/2", headers: Delivery.aiven,
            body: trigger(start + 480_000), windows: [start + 480_000], species: ["walleye"]),
        Delivery(
            description: "Aiven, a batch as NDJSON", headers: Delivery.aiven,
            body: (9...11).map { trigger(start + $0 * 60_000, $0 == 9 ? "salmon" : "walleye") + "\n" }.joined(),
            windows: (9...11).map { start + $0 * 60_000 }, species: ["salmon", "walleye"]),
        Delivery(description: "an empty body", body: ""),
        Delivery(description: "a body that is nothing known", body: "Struct{Species=walleye}"),
        Delivery(
            description: "a body of 2 MB",
            body: String(trigger(start + 720_000).dropLast()) + #","Padding":""#
                + String(repeating: "x", count: 2_000_000) + #""}"#, windows: [start + 720_000], species: ["walleye"]),
    ]

    /// Rows that a model can be fitted to.
    private static let rows = Fish.rows(80, levels: ["salmon", "walleye"]).map { $0.document(.fish) }

    @Test("each delivery trains, is answered in one line of JSON, and its windows and species are kept")
    func deliveries() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, ["--gate", "off"])
            try server.record(Self.rows)
            // One connection, as the sinks keep theirs.
            let connection = try KeptConnection(port: server.port)
            for delivery in Self.deliveries {
                let answer = try connection.post("/train", delivery.body, headers: delivery.headers)
                #expect(answer.status == 200, "\(delivery): \(answer.text)")
                #expect(answer.headers["content-type"] == "application/json")
                #expect(answer.body.count < 10_000 && !answer.text.contains("\n"))
                #expect(answer.document?["status"] == "retrained", "\(delivery): \(answer.text)")
                #expect(answer.headers["idempotent-replayed"] == nil)
                let cause = answer.document?["cause"]
                let starts = (cause?["windows"]?.elements ?? []).compactMap { $0["start"]?.text }
                #expect(starts == delivery.windows.map { Timestamp(milliseconds: $0).description }, "\(delivery)")
                #expect((cause?["levels"]?.elements ?? []).compactMap(\.text) == delivery.species, "\(delivery)")
                #expect(answer.document?["trigger"] != (delivery.body.isEmpty ? nil : .null), "\(delivery)")
            }
        }
    }

    @Test("one window, delivered five times, trains once and gets the same bytes five times, also after kill -9")
    func fiveTimes() throws {
        try withLiveFolder { folder in
            let delivery = Self.trigger(Self.start)
            var server = try LiveServer(folder: folder, ["--gate", "off"])
            try server.record(Self.rows)
            var answers: [KeptConnection.Answer] = []
            for number in 1...5 {
                if number == 4 {
                    server.kill()
                    server = try LiveServer(folder: folder, ["--gate", "off"])
                }
                // However a sink dresses it, it is the same window.
                let body = number.isMultiple(of: 2) ? delivery : "[\(delivery)]"
                answers.append(try server.post("/train", body))
            }
            #expect(answers.allSatisfy { $0.status == 200 && $0.body == answers[0].body })
            #expect(answers.map { $0.headers["idempotent-replayed"] } == [nil, "true", "true", "true", "true"])
            let model = try server.get("/model").document
            #expect(model?["version"] == answers[0].document?["version"])
            #expect(model?["cause"]?["windows"]?.elements?.count == 1)
        }
    }

    @Test("a key of the client's own stands for the request, whatever the body")
    func idempotencyKey() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, ["--gate", "off"])
            try server.record(Self.rows)
            let key = ["Idempotency-Key: 8e03978e-40d5-43dd-bc93-6894a57f9324"]
            let first = try server.post("/train", "{}", headers: key)
            let second = try server.post("/train", "", headers: key)
            let other = try server.post("/train", "{}", headers: ["Idempotency-Key: another"])
            #expect(first.status == 200 && first.body == second.body)
            #expect(second.headers["idempotent-replayed"] == "true")
            #expect(other.document?["version"] != first.document?["version"])
        }
    }

    @Test(
        "a connection that was idle for minutes takes the next trigger",
        .enabled(
            if: ProcessInfo.processInfo.environment["TARE_TEST_IDLE_SECONDS"] != nil,
            "takes minutes: `make test-idle` runs it"))
    func idle() throws {
        let seconds = ProcessInfo.processInfo.environment["TARE_TEST_IDLE_SECONDS"].flatMap { UInt32($0) } ?? 300
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, ["--gate", "off"])
            try server.record(Self.rows)
            let connection = try KeptConnection(port: server.port)
            let headers = Delivery.confluent("text/plain; charset=UTF-8")
            #expect(try connection.post("/train", Self.trigger(Self.start), headers: headers).status == 200)
            sleep(seconds)
            let later = try connection.post("/train", Self.trigger(Self.start + 60_000), headers: headers)
            #expect(later.status == 200 && later.document?["status"] == "retrained")
        }
    }
}
