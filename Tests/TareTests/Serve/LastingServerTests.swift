import Foundation
import Glibc
import Testing

@testable import Tare

/// What is around a server may go away; the server goes on.
@Suite("A server whose surroundings go away", .timeLimit(.minutes(40)))
struct LastingServerTests {
    /// Starts the server by a shell, which can close or break its streams.
    /// - Parameter redirection: of the shell, for stdin and stderr.
    private func start(_ redirection: String, in folder: URL) throws -> (process: Process, port: UInt16) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        let command =
            "exec '\(TareProcess.path.path)' serve --port 0 --store 'sqlite:\(folder.path)/rows.sqlite'"
            + " --models '\(folder.path)/models' --initial-model '\(LiveServer.initialModel)' --log-level debug"
        process.arguments = ["-c", "\(command) \(redirection)"]
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
}
