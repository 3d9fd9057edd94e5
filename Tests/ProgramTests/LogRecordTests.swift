import Documents
import Foundation
import Glibc
import Logging
import Testing

@testable import Program

@Suite("A line of the log")
struct LogRecordTests {
    private static func record(_ message: String, _ fields: [JSON.Member] = []) -> LogRecord {
        LogRecord(
            time: Timestamp(milliseconds: 1_622_620_132_137), level: .notice, logger: "tare.serve", message: message,
            fields: fields)
    }

    @Test(
        "text has time, level, name and message, then the fields; json is an object; plain is the message alone",
        arguments: [
            (
                LogFormat.text,
                #"2021-06-02T07:48:52.137Z notice tare.serve: retrained rows=50 levels=["a","b"] detail="two words" none="" requestId=r-1"#
            ),
            (
                .json,
                #"{"time":"2021-06-02T07:48:52.137Z","level":"notice","logger":"tare.serve","message":"retrained","#
                    + #""rows":50,"levels":["a","b"],"detail":"two words","none":"","requestId":"r-1"}"#
            ),
            (.plain, "retrained"),
        ])
    func forms(_ format: LogFormat, _ line: String) {
        let record = Self.record(
            "retrained",
            [
                .init("rows", 50), .init("levels", ["a", "b"]), .init("detail", "two words"), .init("none", ""),
                .init("requestId", "r-1"),
            ])
        #expect(record.line(format) == line)
    }

    @Test(
        "whatever a stranger wrote, it is one line that speaks to no terminal, and json gives it back",
        arguments: [
            "a\nb", "a\r\n2021 error x: y", "\u{1B}[2J", "\u{85}", "\u{2028}", "\u{202E}abc", "\"", "\\", "ä b=c",
        ])
    func oneLine(_ text: String) throws {
        let record = Self.record(text, [.init("given", .string(text))])
        for format in [LogFormat.text, .plain, .json] {
            let line = record.line(format)
            #expect(!line.utf8.contains { $0 < 0x20 || $0 == 0x7F })
            guard format != .json else { continue }
            #expect(!line.unicodeScalars.contains { "\u{85}\u{2028}\u{202E}".unicodeScalars.contains($0) })
        }
        let document = try JSON(parsing: Array(record.line(.json).utf8))
        #expect(document["message"]?.text == text && document["given"]?.text == text)
    }

    @Test(
        "a line goes through a pipe in one piece, however long its texts are, and json stays json",
        arguments: [(5000, 1), (300, 40), (30, 60)])
    func bounded(_ characters: Int, _ fields: Int) throws {
        let text = String(repeating: "é", count: characters)
        let record = Self.record(text, (0..<fields).map { .init("field\($0)", .string(text)) })
        for format in [LogFormat.text, .json, .plain] {
            #expect(record.line(format).utf8.count < LogRecord.bytesMax)
        }
        #expect(try JSON(parsing: Array(record.line(.json).utf8))["level"] == "notice")
    }

    @Test(
        "auto is text where a terminal shows it, else json; what is asked for stays",
        arguments: [
            (LogFormat.auto, true, LogFormat.text), (.auto, false, .json), (.text, false, .text), (.json, true, .json),
            (.plain, false, .plain),
        ])
    func resolved(_ format: LogFormat, _ isTerminal: Bool, _ resolved: LogFormat) {
        #expect(format.resolved(isTerminal: isTerminal) == resolved)
    }
}

@Suite("Where the log goes", .timeLimit(.minutes(40)))
struct LogOutputTests {
    @Test("a reader who stopped holds up nobody; once he reads again he is told how many lines he missed")
    func fullPipe() throws {
        var ends: [CInt] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        try #require(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
        let output = LogOutput(ends[1])
        let line = String(repeating: "x", count: 1000)
        let start = ContinuousClock.now
        for _ in 0..<1000 { output.write(line) }
        #expect(ContinuousClock.now - start < .seconds(5))
        let first = Self.read(ends[0])
        #expect(!first.isEmpty && first.allSatisfy { $0 == line })
        output.write("next")
        #expect(
            Self.read(ends[0]) == ["\(1000 - first.count) lines of the log were dropped: nobody read them", "next"])
    }

    private static func read(_ descriptor: CInt) -> [String] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = unsafe Glibc.read(descriptor, &piece, piece.count), count > 0 {
            bytes += piece.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
