import Documents
import EventTesting
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("A state as records of a topic")
struct StateRecordsTests {
    private func document(_ text: String) -> JSON { ["text": .string(text)] }

    private func records(_ text: String, generation: Int64) -> [Record] {
        StateRecords.records(of: document(text), generation: generation, topic: "state", at: 0)
    }

    private let large = String(repeating: "x", count: 2 * StateRecords.partSize)

    @Test("a document comes back as it was written, in as many parts as a broker takes")
    func roundTrip() {
        for (text, count) in [("", 1), ("a", 1), (large, 3)] {
            let written = records(text, generation: 7)
            #expect(written.count == count)
            #expect(written.allSatisfy { ($0.value?.count ?? 0) <= StateRecords.partSize })
            let found = StateRecords.newest(in: written)
            #expect(found?.document == document(text) && found?.generation == 7)
        }
    }

    @Test("the newest counts, whatever the order, and one that was not written to its end does not")
    func newest() {
        let (old, new) = (records("old", generation: 1), records(large, generation: 2))
        #expect(StateRecords.newest(in: new + old)?.generation == 2)
        #expect(StateRecords.newest(in: old + new.dropLast())?.document == document("old"))
        #expect(StateRecords.newest(in: Array(new.dropFirst())) == nil)
        #expect(StateRecords.newest(in: []) == nil)
    }

    @Test("what compaction leaves of two documents in turn is the newest whole one")
    func compaction() {
        var log: [[UInt8]: Record] = [:]
        for record in records(large, generation: 1) + records("two", generation: 2)
            + records(large + "three", generation: 3).dropLast()
        {
            log[record.key ?? []] = record
        }
        #expect(StateRecords.newest(in: Array(log.values))?.document == document("two"))
    }

    @Test(
        "numbers that were never written make no document",
        arguments: [
            ("-1", "0", "1"), ("9223372036854775807", "0", "1"), ("1", "-1", "1"), ("1", "1", "1"), ("1", "0", "-1"),
            ("1", "0", "0"), ("1", "0", "9223372036854775807"), ("1", "0", "33"), ("x", "0", "1"), ("1", "0", ""),
        ])
    func strangeNumbers(generation: String, part: String, count: String) {
        let headers = zip(["generation", "part", "parts"], [generation, part, count]).map { Record.Header($0, $1) }
        let strange = Record(topic: "state", time: 0, key: [], value: Array("{}".utf8), headers: headers)
        #expect(StateRecords.newest(in: [strange]) == nil)
        #expect(StateRecords.newest(in: records("old", generation: 1) + [strange])?.document == document("old"))
    }

    @Test("what a detector knows is kept with the rows of which it knows it")
    func state() {
        let state = DetectorState(
            positions: [TopicPartition("weight-diff", 0): 7, TopicPartition("weight-diff", 11): 0],
            detector: ["format": "x"])
        #expect(DetectorState(state.document) == state)
        for document: JSON in [[:], ["positions": []], ["positions": [["topic": "t"]], "detector": [:]]] {
            #expect(DetectorState(document) == nil)
        }
    }
}
