import Foundation
import Glibc
import Testing

@testable import Tare

/// What is around a server may go away; the server goes on.
@Suite("A server whose surroundings go away", .timeLimit(.minutes(40)))
struct LastingServerTests {
    /// Starts the server by a shell, which can close or break its streams.
    /// - Parameters:
    ///   - redirection: of the shell, for stdin and stderr.
    ///   - command: of the shell, before the server starts.
    private func start(
        _ redirection: String, after command: String = "true", in folder: URL
    ) throws -> (process: Process, port: UInt16) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        let server =
            "exec '\(TareProcess.path.path)' serve --port 0 --store 'sqlite:\(folder.path)/rows.sqlite'"
            + " --models '\(folder.path)/models' --initial-model '\(LiveServer.initialModel)' --log-level debug"
        process.arguments = ["-c", "\(command) && \(server) \(redirection)"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != 0x0A, !byte.isEmpty {
            line += byte
        }
        let text = String(decoding: line, as: UTF8.self)
        return (process, try #require(text.split(separator: ":").last.flatMap { UInt16($0) }, "'\(text)'"))
    }

    private func end(_ process: Process) {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    @Test(
        "a server goes on where nobody reads its log, where its log has no room, and where its streams are closed",
        arguments: ["2> >(head -n 1 >/dev/null)", "2>/dev/full", "<&- 2>&-"])
    func streams(redirection: String) throws {
        try withLiveFolder { folder in
            let (process, port) = try start(redirection, in: folder)
            defer { end(process) }
            for _ in 0..<20 {
                let answer = try KeptConnection(port: port).post("/train", "")
                #expect(answer.status == 200)
            }
            #expect(process.isRunning)
        }
    }

    @Test("SIGUSR1 and SIGUSR2 do nothing, and SIGHUP is a stop like SIGTERM: what is in flight ends, with status 0")
    func signals() throws {
        try withLiveFolder { folder in
            let (process, port) = try start("2>/dev/null", in: folder)
            defer { end(process) }
            for number in [SIGUSR1, SIGUSR2] {
                kill(process.processIdentifier, number)
                #expect(try KeptConnection(port: port).post("/train", "").status == 200)
            }
            kill(process.processIdentifier, SIGHUP)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 0)
        }
    }

    @Test(
        "where no more files may be opened, it is said, who is there is served, and who waits is let in once there is room"
    )
    func files() throws {
        try withLiveFolder { folder in
            let (process, port) = try start("2>'\(folder.path)/log'", after: "ulimit -n 48", in: folder)
            defer { end(process) }
            let log = { (try? String(contentsOfFile: "\(folder.path)/log", encoding: .utf8)) ?? "" }
            let client = try KeptConnection(port: port)
            #expect(try client.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n").status == 200)
            var others = try (0..<60).map { _ in try KeptConnection(port: port) }
            waitUntil { log().contains("new connections wait") }
            #expect(log().contains("Too many open files"))
            for _ in 0..<10 {
                #expect(try client.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n").status == 200)
            }
            let last = others.removeLast()
            others = []
            #expect(try last.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n").status == 200)
        }
    }
}
