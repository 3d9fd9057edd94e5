import Documents
import EventTesting
import Foundation
import Glibc
import Specification
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("Events from files and pipes")
struct LineSourceTests {
    private static let good = #"{"Fish_Id":"1","Weight":4,"Timestamp":"2021-06-09T06:20:00Z"}"#

    private static let measurement =
        #"{"Fish_Id":"1","Species":"salmon","Length":95,"Height":18,"Timestamp":"2021-06-09T06:19:50Z"}"#

    private func temporaryPath() -> String {
        FileManager.default.temporaryDirectory.appending(path: "tare-lines-\(UUID().uuidString)").path
    }

    private func source(_ path: String) throws -> LineSource {
        LineSource(try LineReader(path: path), format: .events(EventReader(specification: .fish, names: .exact)))
    }

    @Test(
        "each line is an event, or is set aside with its number; blank lines are no lines; to look ahead changes nothing",
        arguments: [(0, 0), (1, 1), (2, 1), (3, 1), (4, 2), (100, 2)])
    func file(ahead: Int, measurements: Int) throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let lines = [Self.measurement, "", "  ", "nope", Self.good, Self.measurement]
        try lines.joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
        var source = try source(path)
        #expect(source.upcomingMeasurements(among: ahead).count == measurements)
        var kinds: [String] = []
        while let delivery = try source.next(waiting: .zero) {
            switch delivery {
            case .input(.event(let event), let due): kinds.append("\(event.kind) at \(due)")
            case .setAside(let thing): kinds.append(thing.place)
            default: kinds.append("?")
            }
        }
        let measured = "measurement at 2021-06-09T06:19:50.000Z"
        #expect(kinds == [measured, "line 4", "outcome at 2021-06-09T06:20:00.000Z", measured])
        #expect(source.fraction == 1)
    }

    @Test("a line of more than a mebibyte is set aside, and the next one is read")
    func longLine() throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try (String(repeating: "x", count: 3_000_000) + "\n" + Self.good).write(
            toFile: path, atomically: false, encoding: .utf8)
        var source = try source(path)
        guard case .setAside(let thing)? = try source.next(waiting: .zero),
            case .input? = try source.next(waiting: .zero)
        else { throw TestFailure("not set aside and read") }
        #expect(thing.description == "line 1: longer than 1048576 bytes")
    }

    @Test("a file that is not there, or is a folder, is an error that names it")
    func noFile() throws {
        #expect(throws: SourceError("/nowhere/at/all cannot be opened: No such file or directory")) {
            try source("/nowhere/at/all")
        }
        var folder = try source("/")
        #expect(throws: SourceError("/ cannot be read: Is a directory")) { try folder.next(waiting: .zero) }
    }

    @Test("a pipe with nothing in it is idle, and ends when its writer leaves")
    func pipe() throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(unsafe mkfifo(path, 0o600) == 0)
        // Opened for both, so that neither end waits for the other.
        let writer = unsafe open(path, O_RDWR)
        var source = try source(path)
        #expect(try source.next(waiting: .zero) == .idle)
        #expect(source.fraction == nil)
        let bytes = Array("\(Self.good)\n{".utf8)
        let written = unsafe write(writer, bytes, bytes.count)
        #expect(written == bytes.count)
        guard case .input? = try source.next(waiting: .seconds(10)) else { throw TestFailure("no event") }
        #expect(try source.next(waiting: .zero) == .idle, "half a line is no line")
        close(writer)
        guard case .setAside(let thing)? = try source.next(waiting: .seconds(10)) else {
            throw TestFailure("half a line at the end is a line")
        }
        #expect(thing.place == "line 2")
        #expect(try source.next(waiting: .seconds(10)) == nil)
    }

    @Test("made events come at the time at which they arrive, with the part delivered where the count is known")
    func sequence() {
        let event = Event.outcome(.sample("1", at: 5))
        let arrivals: [(time: Timestamp, event: Event)] = [(9, event), (10, event)]
        var source = SequenceSource(arrivals, count: 2)
        #expect(source.next(waiting: .zero) == .input(.event(event), due: 9))
        #expect(source.fraction == 0.5)
        _ = source.next(waiting: .zero)
        #expect(source.next(waiting: .zero) == nil)
    }
}
