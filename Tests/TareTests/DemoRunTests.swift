import Documents
import Foundation
import Testing

@testable import Tare

/// The whole demo with its real parts, ten times as fast as a person would want it.
@Suite("tare demo: the run", .serialized, .timeLimit(.minutes(40)))
struct DemoRunTests {
    /// A demo with a temporary folder of its own, by which its processes are found.
    private final class Demo {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tare-test-\(UUID().uuidString)")
        let process: TareProcess

        init() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            process = try TareProcess(
                ["demo", "--speed", "100"], environment: ["TMPDIR": folder.path, "LC_ALL": "C", "COLUMNS": "80"])
        }

        deinit {
            process.end()
            try? FileManager.default.removeItem(at: folder)
        }

        /// The demo's processes and its own, those of `command` or all.
        func processes(_ command: String? = nil) -> [pid_t] {
            let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return all.compactMap { pid_t($0) }.filter { pid in
                let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ") ?? Data()
                let arguments = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
                let words = String(decoding: arguments, as: UTF8.self).split(separator: "\0")
                return environment.range(of: Data(folder.path.utf8)) != nil
                    && (command.map { words.contains(Substring($0)) } ?? true)
            }
        }

        var leftovers: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }

        func waitForRow() throws {
            while let line = try process.readLine() {
                if line.hasSuffix("%  normal") { return }
            }
            Issue.record("the demo ended before its first row")
        }
    }

    @Test("the story happens: normal, drifting, triggered, retrained; exit 0, and nothing is left")
    func story() throws {
        let demo = try Demo()
        let result = demo.process.finish()
        #expect(result.status == 0 && result.errors == "", "\(result.errors)")
        let states = result.output.split(separator: "\n").compactMap { line in
            ["normal", "drifting", "triggered", "retrained"].first { line.hasSuffix("%  \($0)") }
        }
        #expect(states.distinct == ["normal", "drifting", "triggered", "retrained"])
        for expected in [
            "> trigger: the window from", "> retrained on the newest 50 fish", "specieswalleye", "/__docs__/",
        ] {
            #expect(result.output.contains(expected))
        }
        #expect(demo.processes() == [] && demo.leftovers == [])
    }

    @Test("a stop signal in the middle leaves no process and no file", arguments: [SIGINT, SIGTERM])
    func stopped(_ signal: CInt) throws {
        let demo = try Demo()
        try demo.waitForRow()
        #expect(demo.processes().count == 3)
        demo.process.send(signal)
        let result = demo.process.finish()
        #expect(result.status == 128 + signal && result.errors == "", "\(result.errors)")
        #expect(demo.processes() == [] && demo.leftovers == [])
    }

    @Test("even kill -9 leaves no process")
    func killed() throws {
        let demo = try Demo()
        try demo.waitForRow()
        demo.process.send(SIGKILL)
        _ = demo.process.finish()
        while !demo.processes().isEmpty { usleep(10_000) }
    }

    @Test("a server or a stream that dies is told, with status 1", arguments: ["serve", "stream"])
    func companionDies(_ command: String) throws {
        let demo = try Demo()
        try demo.waitForRow()
        let companion = try #require(demo.processes(command).first)
        kill(companion, SIGKILL)
        let result = demo.process.finish()
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("Error: \(command == "serve" ? "server" : "stream") ended with signal 9"))
        #expect(demo.processes() == [] && demo.leftovers == [])
    }
}
