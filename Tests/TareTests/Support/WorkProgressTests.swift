import Foundation
import Testing

@testable import Program

@Suite("The progress of long work", .timeLimit(.minutes(40)))
struct WorkProgressTests {
    @Test(
        "the time left is that at the pace so far, less what has passed since; without a pace it is not said",
        arguments: [
            (0.25, 10, 10, "reading, 25 %, about 30 s left"), (0.25, 10, 25, "reading, 25 %, about 15 s left"),
            (0.25, 10, 99, "reading, 25 %, about 0 s left"), (0.5, 600, 600, "reading, 50 %, about 10 min left"),
            (1, 8, 9, "reading, 100 %, about 0 s left"), (0.01, 10, 10, "reading, 10 s so far"),
            (nil, 10, 12, "reading, 12 s so far"), (0.25, 0, 3, "reading, 3 s so far"),
        ] as [(Double?, Int, Int, String)])
    func text(_ fraction: Double?, _ toldAt: Int, _ now: Int, _ text: String) {
        let progress = WorkProgress(name: "reading", fraction: fraction, toldAt: .seconds(toldAt))
        #expect(progress.text(at: .seconds(now)) == text)
    }

    private static func rows(_ count: Int, in folder: URL) throws -> String {
        let file = folder.appending(path: "rows.csv")
        let lines = (0..<count).map {
            "\(60 + $0 % 40),\(10 + $0 % 7),\(5 + Double($0 % 40) / 20 + Double($0 % 13) / 50)"
        }
        try ("length,height,weight\n" + lines.joined(separator: "\n")).write(
            to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    @Test("fit and backtest show progress on a terminal, which is gone at the end, and none elsewhere")
    func shown() throws {
        try withLiveFolder { folder in
            // Short work shows nothing, and what is long depends on the machine: so the program is slowed.
            let fit = ["fit", try Self.rows(100_000, in: folder), "--formula", "weight ~ length + height"]
            let backtest = ["backtest", "simulator", "--phases", "6", "--count", "300"]
            for (arguments, words) in [(fit, "rows"), (backtest, "of ")] {
                let terminal = try PseudoTerminal(arguments)
                terminal.slow(until: words)
                #expect(terminal.finish() == 0, "\(terminal.output)")
                let pieces = terminal.output.components(separatedBy: "\r\u{1B}[K")
                #expect(pieces.count > 2 && pieces[1].contains(words), "\(terminal.output)")
                #expect(pieces.last?.contains("about ") == false)
                let silent = try TareProcess.run(arguments)
                #expect(silent.status == 0 && silent.errors.isEmpty && !silent.output.contains("\u{1B}"))
            }
        }
    }

    @Test("fit --residuals draws below the summary, and without it the summary is as it was")
    func residuals() throws {
        try withLiveFolder { folder in
            let fit = ["fit", try Self.rows(200, in: folder), "--formula", "weight ~ length + height"]
            let plain = try TareProcess.run(fit)
            let drawn = try TareProcess.run(fit + ["--residuals"])
            #expect(drawn.status == 0 && drawn.output.hasPrefix(String(plain.output.dropLast())))
            #expect(drawn.output.contains("\nResiduals against fitted values:\n"))
            #expect(drawn.output.contains("\nStandardized residuals against normal quantiles"))
            #expect(!plain.output.contains("against"))
        }
    }
}
