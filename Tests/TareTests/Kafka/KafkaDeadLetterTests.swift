import Documents
import Foundation
import Testing

@testable import EventProcessing

@Suite("Kafka: what cannot be used")
struct KafkaDeadLetterTests {
    private struct Broken: Sendable {
        let key: String?
        let value: String?
        let reason: String
    }

    private static let broken = [
        Broken(key: "1", value: "{broken", reason: "not JSON"),
        Broken(key: "2", value: #"[1]"#, reason: "the value is an array"),
        Broken(key: "3", value: #"{"Length":true,"Height":1,"Species":"salmon"}"#, reason: "Length is a boolean"),
        Broken(key: "4", value: nil, reason: "the record has no value"),
        Broken(key: nil, value: #"{"Length":1,"Height":1,"Species":"salmon"}"#, reason: "the record has no key"),
        Broken(key: "6", value: #"{"Length":1,"Species":"salmon"}"#, reason: "cannot be predicted, Height is missing"),
    ]

    private func outgoing(_ broken: Broken, _ topic: String) -> Record {
        Record(
            topic: topic, time: Timestamp(milliseconds: KafkaFactory.begin), key: broken.key.map { Array($0.utf8) },
            value: broken.value.map { Array($0.utf8) })
    }

    @Test("a broken record goes to the dead letters as it came, with the reason and its place, and stops nothing")
    func broken() throws {
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        let server = try RecordingModelServer()
        defer { server.stop() }
        try cluster.publish(Self.broken.map { outgoing($0, cluster.topic(.measurement)) })
        try KafkaFactory(count: 1).publish(to: cluster)
        let tare = try cluster.start(server)
        defer { tare.end() }
        try cluster.settle()
        tare.send(SIGTERM)
        #expect(tare.finish().errors.contains("set aside   \(Self.broken.count)"))
        #expect(server.kept.rows.count == 1)
        let letters = try cluster.records(.deadLetter)
        #expect(letters.count == Self.broken.count)
        for (offset, (letter, broken)) in zip(letters, Self.broken).enumerated() {
            #expect(letter.key == broken.key.map { Array($0.utf8) })
            #expect(letter.value == broken.value.map { Array($0.utf8) })
            #expect(letter.header("reason")?.hasPrefix(broken.reason) == true, "\(letter.headers)")
            #expect(letter.header("source-topic") == cluster.topic(.measurement))
            #expect(letter.header("source-partition") == "0")
            #expect(letter.header("source-offset") == "\(offset)")
        }
    }

    @Test("a broken record as large as any is cut so that it fits with its headers, and stops nothing")
    func large() throws {
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        let server = try RecordingModelServer()
        defer { server.stop() }
        // librdkafka takes 1,000,000 bytes, headers included.
        let text = String(repeating: "x", count: 999_900)
        try cluster.publish([outgoing(Broken(key: "1", value: text, reason: ""), cluster.topic(.measurement))])
        try KafkaFactory(count: 1).publish(to: cluster)
        let tare = try cluster.start(server)
        defer { tare.end() }
        try cluster.settle()
        tare.send(SIGTERM)
        #expect(tare.finish().status == 0)
        let letter = try #require(try cluster.records(.deadLetter).first)
        #expect(letter.header("cut-from-bytes") == "999901")
        #expect(letter.header("reason")?.hasPrefix("not JSON") == true)
        #expect(letter.value.map { $0.count } == 499_950)
        #expect(server.kept.rows.count == 1)
    }

    @Test("a fish that is never weighed, and a weighing without a fish, go to the dead letters when their time is over")
    func abandoned() throws {
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        let server = try RecordingModelServer()
        defer { server.stop() }
        let factory = KafkaFactory(count: 200)
        // Fish 3 has no weighing, fish 5 no measurement; the recipe's join keeps a record for three minutes.
        try cluster.publish(
            (0..<200).filter { $0 != 5 }.map { factory.measurement($0, topic: cluster.topic(.measurement)) })
        try cluster.publish(
            (0..<200).filter { $0 != 3 }.map { factory.weighing($0, topic: cluster.topic(.outcome)) })
        let tare = try TareProcess(
            cluster.options(roles: "predict,join", preset: "recipe-quoted") + ["--server", server.url])
        defer { tare.end() }
        try cluster.wait(until: .predict, hasDone: .measurement)
        try cluster.wait(until: .join, hasDone: .prediction, .outcome)
        let letters = try cluster.records(.deadLetter)
        #expect(Set(letters.map { String(decoding: $0.key ?? [], as: UTF8.self) }) == ["3", "5"])
        for letter in letters { #expect(letter.header("reason")?.hasSuffix("came for it") == true) }
        #expect(try cluster.records(.evaluation).count == 198)
    }
}
