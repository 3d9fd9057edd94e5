import Foundation
import Testing

@testable import Tare

@Suite("tare backtest")
struct BacktestCommandTests {
    private static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let model = package.appending(path: "Models/salmon.json").path

    @Test("the factory's table in docs/backtest.md is the one that the command beside it prints")
    func documents() throws {
        let lines = try String(contentsOf: Self.package.appending(path: "docs/backtest.md"), encoding: .utf8)
            .components(separatedBy: "\n")
        let command = "backtest simulator --phases 30"
        let place = try #require(lines.firstIndex { $0.hasSuffix("tare \(command)") })
        let table = lines[(place + 1)...].prefix { $0.hasPrefix("    ") }.map { $0.dropFirst(4) + "\n" }.joined()
        let printed = try TareProcess.run(
            command.components(separatedBy: " ") + ["--initial-model", Self.model])
        #expect(printed.output == table)
    }

    @Test("a recorded file gives a row a setting, without a server; when it changed is told, or a dash")
    func file() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "tare-\(UUID().uuidString).ndjson")
        defer { try? FileManager.default.removeItem(at: file) }
        let events = try TareProcess.run(["simulate", "--speed", "max", "--start", "2021-06-09T12:00:00Z"])
        try (events.output + "nonsense\n").write(to: file, atomically: true, encoding: .utf8)
        let arguments = [
            "backtest", file.path, "--initial-model", Self.model, "--threshold", "0.15", "--threshold", "0.9",
        ]
        let told = try TareProcess.run(
            arguments + ["--drift-at", "2021-06-09T12:02:00Z", "--drift-at", "2021-06-09T12:04:00Z"])
        #expect(told.status == 0)
        let lines = told.output.split(separator: "\n")
        #expect(lines.map { $0.prefix { $0 != "," } }.dropFirst() == ["window 60s", "window 60s", "sequential"])
        #expect(lines[3].contains("12 s"))
        #expect(told.errors.split(separator: "\n").count { $0.contains("nonsense") || $0.contains("not JSON") } == 1)
        let untold = try TareProcess.run(arguments)
        #expect(untold.output.split(separator: "\n")[3].contains(" -  "))
    }

    @Test(
        "what it cannot do is refused by name",
        arguments: [
            (["-"], "read once only"), (["friedman:sudden"], "friedman:abrupt"),
            (["simulator", "--repeat"], "--count"),
            (["simulator", "--phases", "0"], "--phases is 0"), (["x.ndjson", "--seeds", "2"], "--seeds is for"),
            (["simulator", "--drift-at", "2021-06-09T12:02:00Z"], "--drift-at is for files"),
            (["simulator", "--rows", "oldest:5"], "newest"), (["simulator", "--false-alarm-every", "1"], "100 to"),
            (["/nowhere.ndjson", "--initial-model", model], "/nowhere.ndjson cannot be opened"),
        ])
    func refusals(_ arguments: [String], _ message: String) throws {
        let result = try TareProcess.run(["backtest"] + arguments)
        #expect(result.status != 0)
        #expect(result.errors.contains(message))
    }
}
