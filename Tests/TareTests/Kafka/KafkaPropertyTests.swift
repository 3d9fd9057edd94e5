import Foundation
import Testing

@testable import Streaming

/// Nothing listens on port 1: a client is made of the properties, or librdkafka refuses to make one.
@Suite("Kafka: properties for librdkafka")
struct KafkaPropertyTests {
    private static let secret = "hunter2"

    struct Refused: Sendable {
        let properties: [String]
        let said: [String]
        var status: Int32 = 1
    }

    static let refused = [
        Refused(
            properties: ["no.such=\(secret)"], said: ["the Kafka property no.such", "No such configuration property"]),
        Refused(properties: ["session.timeout.ms=soon"], said: ["the Kafka property session.timeout.ms"]),
        Refused(
            properties: ["security.protocol=SASL_TLS"], said: ["the Kafka property security.protocol", "SASL_TLS"]),
        // What follows is found out only where all of the properties have arrived together.
        Refused(
            properties: ["security.protocol=SASL_PLAINTEXT", "sasl.mechanism=NONE", "sasl.password=\(secret)"],
            said: ["the Kafka client", "NONE"]),
        Refused(
            properties: ["security.protocol=SSL", "ssl.ca.location=/nowhere/ca.pem", "ssl.key.password=\(secret)"],
            said: ["the Kafka client", "ssl.ca.location"]),
        Refused(
            properties: ["sasl.password: \(secret)"], said: ["sasl.password has no '='", "accepted is name=value"],
            status: 64),
        Refused(properties: ["\(secret)QAw"], said: ["a property has no '='"], status: 64),
    ]

    private func run(_ options: [String]) throws -> TareProcess.Result {
        try TareProcess.run(["stream", "--source", "kafka://127.0.0.1:1", "--roles", "join"] + options)
    }

    /// Runs with a file of properties; the test's folder is gone afterwards.
    private func run(file text: String, _ options: [String] = []) throws -> TareProcess.Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "tare-kafka-\(UUID().uuidString).properties")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.write(to: file, atomically: false, encoding: .utf8)
        return try run(["--kafka-properties", file.path] + options)
    }

    @Test(
        "what librdkafka refuses ends the run in its words, with the property's name and no secret", arguments: refused)
    func refusal(_ given: Refused) throws {
        let typed = try run(given.properties.flatMap { ["--kafka-property", $0] })
        let filed = try run(file: "# ours\n\n" + given.properties.joined(separator: "\n"))
        for result in [typed, filed] {
            #expect(result.status == given.status)
            for words in given.said { #expect(result.errors.contains(words), "\(result.errors)") }
            #expect(!result.errors.contains(Self.secret), "\(result.errors)")
            #expect(result.output.isEmpty)
        }
        if given.status == 64 { #expect(filed.errors.contains("line 3: "), "\(filed.errors)") }
    }

    @Test(
        "a property on which the stages are built is refused, with what says it instead",
        arguments: [
            ("group.id", "--kafka-group"), ("bootstrap.servers", "kafka://HOST:PORT"),
            ("metadata.broker.list", "kafka://HOST:PORT"),
            ("enable.auto.commit", "for tare to say"), ("partition.assignment.strategy", "for tare to say"),
        ])
    func owned(_ name: String, _ said: String) throws {
        let result = try run(["--kafka-property", "\(name)=x"])
        #expect(result.status == 64)
        #expect(result.errors.contains("the Kafka property \(name) is not accepted"))
        #expect(result.errors.contains(said))
    }

    @Test("of a property that is given twice the last counts, and --kafka-property stands above the file")
    func precedence() throws {
        let file = "security.protocol=FIRST\nsecurity.protocol = SECOND\n"
        #expect(try run(file: file).errors.contains("SECOND"))
        #expect(try run(file: file, ["--kafka-property", "security.protocol=THIRD"]).errors.contains("THIRD"))
    }

    @Test("only the first = divides, and the spaces around it are no part of either")
    func division() throws {
        let properties = try KafkaProperties(text: "# security\n\nsasl.mechanism = PLAIN\r\n  sasl.password=a=b \r\n")
        #expect(properties.all.map(\.name) == ["sasl.mechanism", "sasl.password"])
        #expect(properties.all.map(\.value) == ["PLAIN", "a=b"])
    }
}
