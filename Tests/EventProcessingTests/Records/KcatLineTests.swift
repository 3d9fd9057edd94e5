import Documents
import EventTesting
import Testing

@testable import EventProcessing

@Suite("Lines of kcat -J")
struct KcatLineTests {
    private func record(_ line: String) throws -> Record { try KcatLine.record(Array(line.utf8)) }

    @Test("a line gives a record; what kcat prints beside it is no matter")
    func line() throws {
        let line =
            #"{"topic":"t","partition":0,"offset":7,"tstype":"create","ts":1623246065000,"broker":0,"#
            + #""headers":["a","b"],"key":"k","payload":"{\"a\":1}"}"#
        #expect(
            try record(line)
                == Record(
                    topic: "t", time: 1_623_246_065_000, key: Array("k".utf8), value: Array(#"{"a":1}"#.utf8)))
    }

    @Test(
        "key_hex goes before key, and null is no key",
        arguments: [
            (#""key":null,"key_hex":"4b6500FF""#, [0x4B, 0x65, 0x00, 0xFF]), (#""key":"k","key_hex":"31""#, [0x31]),
            (#""key":"""#, []), (#""key":null"#, nil), (#""key_hex":"""#, []), (#""offset":1"#, nil),
        ] as [(String, [UInt8]?)])
    func keys(_ members: String, _ expected: [UInt8]?) throws {
        #expect(try record(#"{"topic":"t","ts":5,"payload":null,\#(members)}"#).key == expected)
    }

    @Test(
        "a line that is no record is refused with its reason",
        arguments: [
            ("{", "not JSON"), (#"{"ts":5}"#, "topic is missing"), (#"{"topic":"t"}"#, "ts is missing"),
            (#"{"topic":"t","ts":-1}"#, "ts is -1"), (#"{"topic":"t","ts":1.5}"#, "ts is 1.5"),
            (#"{"topic":"t","ts":9223372036854775807}"#, "ts is 9223372036854775807"),
            (#"{"topic":"t","ts":5,"payload":{}}"#, "payload is an object"),
            (#"{"topic":"t","ts":5,"key":5}"#, "key is a number"),
            (#"{"topic":"t","ts":5,"key_hex":"4"}"#, "key_hex is '4'"),
            (#"{"topic":"t","ts":5,"key_hex":"4g"}"#, "key_hex is '4g'"),
        ])
    func problems(_ line: String, _ words: String) {
        let problem = #expect(throws: RecordProblem.self) { try record(line) }
        #expect(problem?.description.contains(words) == true, "\(problem?.description ?? "-")")
    }

    @Test("what is written is read back", arguments: ["k", "", "é🐟", "a\"b\\c\u{1}"])
    func roundTrip(_ key: String) throws {
        let written = Record(topic: "t", time: 5, key: Array(key.utf8), value: Array(#"{"Species":"é🐟"}"#.utf8))
        let line = KcatLine.line(written).compact
        let read = try record(line)
        #expect(read.key == Array(key.utf8))
        #expect(read.value == written.value)
        #expect(try JSON(parsing: line)["key"] == .string(key))
    }
}
