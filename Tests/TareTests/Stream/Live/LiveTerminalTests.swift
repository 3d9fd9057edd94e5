import Foundation
import Glibc
import Testing

@testable import Tare

/// `tare stream` on a terminal.
@Suite("tare stream on a terminal", .timeLimit(.minutes(40)))
struct LiveTerminalTests {
    private static func stream(_ server: LiveServer, _ options: [String] = []) throws -> PseudoTerminal {
        try PseudoTerminal(["stream", "--server", "http://127.0.0.1:\(server.port)", "--speed", "60"] + options)
    }

    @Test("it draws the run anew in place, says the rest above it, and ends with the summary below")
    func view() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let terminal = try Self.stream(server, ["--count", "120"])
            #expect(terminal.finish() == 0)
            let frames = terminal.output.components(separatedBy: "\u{1B}[J")
            #expect(frames.count > 5)
            let last = try #require(frames.last)
            #expect(last.contains("240 events") && last.contains("last triggers\u{1B}[0m\r\n>>> "), "\(last)")
            #expect(last.contains("\nwalleye \u{1B}[3") && last.contains("triggers    "))
            #expect(!terminal.output.contains("fish     species"))
            #expect(terminal.isAsBefore)
        }
    }

    @Test(
        "the terminal is as before however the run ends, and no escape is left open",
        arguments: [SIGTERM, SIGINT, SIGHUP, SIGKILL])
    func ends(signal: CInt) throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let terminal = try Self.stream(server)
            #expect(terminal.shows("last triggers"))
            terminal.send(signal)
            #expect(terminal.finish() == (signal == SIGKILL ? 128 + SIGKILL : 0))
            #expect(terminal.isAsBefore)
            // No mode was set, so none is to be set back: no other screen, no hidden cursor.
            #expect(!terminal.output.contains("\u{1B}[?") && !terminal.output.contains("\u{1B}c"))
            let opened = terminal.output.matches(of: /\u{1B}\[[1-9][0-9]*m/).count
            let closed = terminal.output.matches(of: /\u{1B}\[0m/).count
            #expect(opened == closed || signal == SIGKILL)
        }
    }

    @Test("that the server goes away is said above the view, and shown in it")
    func away() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let terminal = try Self.stream(server)
            #expect(terminal.shows("a second"))
            _ = server.stop()
            #expect(terminal.shows("waiting for the model server: "))
            #expect(terminal.shows("the model server is waited for"))
            terminal.send(SIGTERM)
            #expect(terminal.finish() == 0)
        }
    }

    @Test(
        "lines are lines on a terminal too, and documents always",
        arguments: [(["--view", "lines"], "fish     species"), (["--output", "ndjson"], "{\"Fish_Id\"")])
    func lines(_ options: [String], _ words: String) throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let terminal = try Self.stream(server, options + ["--count", "20"])
            #expect(terminal.finish() == 0)
            #expect(terminal.output.contains(words) && !terminal.output.contains("\u{1B}["))
        }
    }

    @Test("live where there is no terminal is refused with what is accepted")
    func refused() throws {
        let result = try TareProcess.run(["stream", "--view", "live"])
        #expect(result.status == 64 && result.errors.contains("needs a terminal"), "\(result.errors)")
    }
}
