import Documents
import EventTesting
import Regression
import Specification
import Testing

@testable import EventProcessing

@Suite("Events out of NDJSON")
struct EventReaderTests {
    private func event(_ line: String, names: FieldNames = .exact) throws -> Event {
        try EventReader(specification: .fish, names: names).event(line: line.utf8)
    }

    @Test("sizes make a measurement")
    func measurement() throws {
        let line =
            #"{"Fish_Id":"1","Species":"salmon","Length":86.37,"Height":18.74,"Timestamp":"2021-06-09T06:20:00.000Z"}"#
        let expected = Measurement(
            identifier: "1", level: "salmon", predictors: [86.37, 18.74], timestampText: "2021-06-09T06:20:00.000Z",
            time: 1_623_219_600_000)
        #expect(try event(line) == .measurement(expected))
    }

    @Test("a weight makes an outcome; identifiers may be whole numbers, fields may be null or more")
    func outcome() throws {
        let line = #"{"Timestamp":"2021-06-09T08:20:00+02:00","Weight":null,"Fish_Id":17,"Species":null,"Belt":3}"#
        let expected = Outcome(
            identifier: "17", level: nil, value: nil, timestampText: "2021-06-09T08:20:00+02:00",
            time: 1_623_219_600_000)
        #expect(try event(line) == .outcome(expected))
    }

    @Test("one size alone is a measurement that lacks the other")
    func partial() throws {
        let line = #"{"Fish_Id":"1","Height":18.74,"Timestamp":"2021-06-09T06:20:00Z"}"#
        guard case .measurement(let measurement) = try event(line) else { throw TestFailure("no measurement") }
        #expect(measurement.predictors == [nil, 18.74])
    }

    @Test("texts are bounded, in characters and not in bytes", arguments: ["Fish_Id", "Species"], [256, 257, 50_000])
    func bounded(_ field: String, _ count: Int) throws {
        let text = String(repeating: "é", count: count)
        let other = field == "Fish_Id" ? #""Species":"salmon""# : #""Fish_Id":"1""#
        let line = #"{\#(other),"\#(field)":"\#(text)","Weight":4,"Timestamp":"2021-06-09T06:20:00Z"}"#
        if count <= 256 {
            _ = try event(line)
        } else {
            #expect(throws: RecordProblem("\(field) has \(count) characters; accepted are up to 256")) {
                try event(line)
            }
        }
    }

    @Test("the byte order mark that some editors write is no matter")
    func mark() throws {
        let line = #"{"Fish_Id":"1","Weight":4,"Timestamp":"2021-06-09T06:20:00Z"}"#
        #expect(try event("\u{FEFF}" + line) == event(line))
    }

    @Test("unquoted columns take any case")
    func anyCase() throws {
        let line = #"{"fish_id":"1","species":"Bass","weight":4.5,"timestamp":"2021-06-09T06:20:00Z"}"#
        guard case .outcome(let outcome) = try event(line, names: .anyCase) else { throw TestFailure("no outcome") }
        #expect(outcome.value == 4.5)
        #expect(throws: RecordProblem.self) { try event(line) }
    }

    @Test(
        "what is wrong is said with the field's name",
        arguments: [
            (#"{"Fish_Id":"1","Weight":4}"#, "Timestamp is missing"),
            (#"{"Fish_Id":"1","Weight":4,"Timestamp":"yesterday"}"#, "Timestamp is 'yesterday'"),
            (#"{"Weight":4,"Timestamp":"2021-06-09T06:20:00Z"}"#, "Fish_Id is missing"),
            (#"{"Fish_Id":null,"Weight":4,"Timestamp":"2021-06-09T06:20:00Z"}"#, "Fish_Id is missing"),
            (#"{"Fish_Id":"1","Timestamp":"2021-06-09T06:20:00Z"}"#, "neither Length, Height nor Weight"),
            (#"{"Fish_Id":"1","Length":1,"Weight":4,"Timestamp":"2021-06-09T06:20:00Z"}"#, "both Length and Weight"),
            (#"{"Fish_Id":"1","Weight":[],"Timestamp":"2021-06-09T06:20:00Z"}"#, "Weight is an array"),
            (#"{"Fish_Id":{},"Weight":4,"Timestamp":"2021-06-09T06:20:00Z"}"#, "Fish_Id is an object"),
            (#"{"Fish_Id":"1","#, "not JSON"), ("[]", "the value is an array"), ("nope", "not JSON"), ("4", "a number"),
        ])
    func problems(_ line: String, _ words: String) {
        let problem = #expect(throws: RecordProblem.self) { try event(line) }
        #expect(problem?.description.contains(words) == true, "\(problem?.description ?? "-")")
    }

    @Test("another subject's events are read by its own fields")
    func flats() throws {
        let reader = EventReader(specification: .flats, names: .exact)
        let line = #"{"Flat":"A1","District":"north","Area":80,"Rooms":3,"Floor":2,"SoldAt":"2021-06-09T06:20:00Z"}"#
        let expected = Measurement(
            identifier: "A1", level: "north", predictors: [80, 3, 2], timestampText: "2021-06-09T06:20:00Z",
            time: 1_623_219_600_000)
        #expect(try reader.event(line: line.utf8) == .measurement(expected))
    }

    @Test("what the simulator writes is read back")
    func simulated() throws {
        let events: [Event] = [
            .measurement(.sample("1", at: 1_623_219_600_000)), .outcome(.sample("1", at: 1_623_219_610_000)),
        ]
        for original in events { #expect(try event(String(decoding: original.text(.fish), as: UTF8.self)) == original) }
    }
}
