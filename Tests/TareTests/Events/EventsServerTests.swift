import Documents
import Foundation
import Testing

/// `curl -N` on the events of a server.
private final class EventReader {
    private let process: Process
    private let output: FileHandle
    private var buffer: [UInt8] = []

    init(port: UInt16, path: String = "/events?format=ndjson", headers: [String] = []) throws {
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["curl", "-sN", "--max-time", "60"] + headers.flatMap { ["-H", $0] } + ["http://127.0.0.1:\(port)\(path)"]
        let pipe = Pipe()
        process.standardOutput = pipe
        output = pipe.fileHandleForReading
        try process.run()
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }

    /// The next line; nil at the end.
    func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end + 1)
                return line
            }
            let more = output.availableData
            guard !more.isEmpty else { return nil }
            buffer += more
        }
    }

    /// The next events of a type.
    func events(_ count: Int, of type: String) throws -> [JSON] {
        var found: [JSON] = []
        while found.count < count, let line = line() {
            let event = try JSON(parsing: line)
            if event["type"]?.text == type { found.append(event) }
        }
        return found
    }
}

@Suite("GET /events", .timeLimit(.minutes(40)))
struct EventsServerTests {
    private static func rows(_ numbers: ClosedRange<Int>, species: String = "salmon") -> [JSON] {
        numbers.map { number in
            [
                "Fish_Id": .string("\(number)"), "Species": .string(species), "Length": JSON(80 + Double(number % 20)),
                "Height": JSON(16 + Double(number % 7)), "ActualWeight": JSON(4 + Double(number % 5) / 10),
                "Error": 0.125, "Timestamp": .integer(1_623_245_000_000 + Int64(number) * 2000),
            ]
        }
    }

    @Test("tells of new rows, a training and the change of the model, in their order; a repeated row is no news")
    func story() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, ["--gate", "off"])
            let reader = try EventReader(port: server.port)
            let hello = try #require(try reader.events(1, of: "open").first)
            #expect(hello["id"]?.text?.hasSuffix("-0") == true)
            try server.record(Self.rows(1...3))
            try server.record(Self.rows(2...60))
            let observed = try reader.events(60, of: "observed")
            #expect(observed.map { $0["row"]?["Fish_Id"]?.text } == (1...60).map { "\($0)" })
            #expect(observed[0]["group"] == "salmon" && observed[0]["error"] == 0.125)
            #expect(try server.post("/train").status == 200)
            let version = try #require(try reader.events(1, of: "serving").first?["version"]?.text)
            let trained = try #require(try reader.events(1, of: "trained").first)
            #expect(trained["verdict"] == "retrained" && trained["serving"]?.text == version)
            #expect(trained["rows"] == 50 && trained["oldestRow"] != nil && trained["newestRow"] != nil)
            let previous = try #require(try server.get("/model").document?["parent"]?.text)
            _ = try server.post("/models/\(previous)/activate")
            let back = try #require(try reader.events(1, of: "serving").first)
            #expect(back["version"]?.text == previous && back["previous"]?.text == version)
            // The stream ends in order with the server, and at once.
            #expect(server.stop().status == 0)
            #expect(reader.line() == nil)
        }
    }

    @Test("goes on behind the last event that a client has seen, and tells a gap after a restart")
    func resumed() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let seen: String
            do {
                let reader = try EventReader(port: server.port)
                _ = reader.line()
                try server.record(Self.rows(1...10))
                seen = try #require(try reader.events(4, of: "observed").last?["id"]?.text)
            }
            let next = try EventReader(port: server.port, headers: ["Last-Event-ID: \(seen)"])
            let rest = try next.events(6, of: "observed")
            #expect(rest.map { $0["row"]?["Fish_Id"]?.text } == (5...10).map { "\($0)" })
            _ = server.stop()
            let restarted = try LiveServer(folder: folder)
            let later = try EventReader(port: restarted.port, headers: ["Last-Event-ID: \(seen)"])
            #expect(try later.events(1, of: "gap").first?["missed"] == .null)
        }
    }

    @Test("speaks as browsers read it: a retry, then an id, a type and data for each event")
    func serverSent() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let reader = try EventReader(port: server.port, path: "/events")
            #expect(reader.line() == "retry: 1000")
            #expect(reader.line() == "")
            #expect(reader.line()?.hasPrefix("id: ") == true)
            #expect(reader.line() == "event: open")
            #expect(reader.line()?.hasPrefix("data: {\"type\":\"open\"") == true)
            #expect(reader.line() == "")
        }
    }

    @Test(
        "says what is wrong with a request for it",
        arguments: [("/events?format=xml", ""), ("/events", "17"), ("/events", "x")])
    func refused(path: String, seen: String) throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let answer = try server.get(path, headers: seen.isEmpty ? [] : ["Last-Event-ID: \(seen)"])
            #expect(answer.status == 400)
            #expect(answer.document?["parameter"]?.text == (seen.isEmpty ? "format" : "Last-Event-ID"))
        }
    }
}
