import Foundation
import Testing

@testable import Tare

@Suite("The threads of a server", .timeLimit(.minutes(40)))
struct ThreadPriorityTests {
    @Test(
        "stand behind those that answer, where they accept clients, read large bodies, drop what refused clients send, record rows and train"
    )
    func order() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, ["--threads", "2"])
            let row = #"{"length":90,"height":20,"species":"salmon"}"#
            let many = "[" + Array(repeating: row, count: 5000).joined(separator: ",") + "]"
            for (path, body) in [("/observations", "[]"), ("/train?force=true", "{}"), ("/prediction", many)] {
                #expect(try server.post(path, body).status == 200)
            }
            let threads = try server.threads
            let first = try #require(threads.first { $0.identifier == server.identifier }).niceness
            #expect(threads.count { $0.name == "MHD-worker" && $0.niceness == first } == 2, "\(threads)")
            for name in ["tare-accept", "tare-body"] {
                #expect(threads.contains { $0.name == name && $0.niceness == min(first + 10, 19) }, "\(threads)")
            }
            // The one that records may be the one that trains.
            let behind = threads.filter { $0.niceness == min(first + 5, 19) }
            for isCaretaker in [true, false] {
                #expect(behind.contains { ($0.name == "tare-caretaker") == isCaretaker }, "\(threads)")
            }
            // In nanoseconds. A system that is older, or does not tell, has turns of one length.
            let turns = Set(threads.filter { $0.niceness > first }.compactMap(\.turn))
            if Self.hasTurns, !turns.isEmpty { #expect(turns == [100_000], "\(threads)") }
        }
    }

    /// Whether the system is Linux 6.12 or later.
    private static var hasTurns: Bool {
        let version = ProcessInfo.processInfo.operatingSystemVersion
        return (version.majorVersion, version.minorVersion) >= (6, 12)
    }
}

extension LiveServer {
    fileprivate struct ServerThread {
        let identifier: Int32
        let name: String
        let niceness: Int
        let turn: Int?
    }

    /// As the system tells of them: proc(5), /proc/PID/task/TID/stat.
    fileprivate var threads: [ServerThread] {
        get throws {
            let folder = "/proc/\(identifier)/task"
            return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { thread in
                guard let text = try? String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8),
                    let start = text.firstIndex(of: "("), let end = text.lastIndex(of: ")"),
                    let identifier = Int32(thread)
                else { return nil }
                // The third field, the state, is the first behind the name; the niceness is the 19th.
                let fields = text[text.index(after: end)...].split(separator: " ")
                guard fields.count > 16, let niceness = Int(fields[16]) else { return nil }
                return ServerThread(
                    identifier: identifier, name: String(text[text.index(after: start)..<end]), niceness: niceness,
                    turn: Self.turn("\(folder)/\(thread)/sched"))
            }
        }
    }

    /// Of the line `se.slice : 100000`.
    private static func turn(_ file: String) -> Int? {
        guard
            let text = (try? FileHandle(forReadingAtPath: file)?.readToEnd()).map({
                String(decoding: $0, as: UTF8.self)
            })
        else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("se.slice") }
        return line?.split(separator: " ").last.flatMap { Int($0) }
    }
}
