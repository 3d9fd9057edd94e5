import ArgumentParser
import Streaming

/// Simulations of the sequential detector: no part of the product. They print the tables of docs/detection.md.
@main
struct DetectionStudy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "DetectionStudy", abstract: "Simulations of the sequential detector.",
        subcommands: [Alarms.self, Delays.self, Errors.self])
}

extension DetectionStudy {
    struct Alarms: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rows between two false alarms, by the shape of the errors, the rows of the fit and the levels.")

        @Option(help: "The stated number; may be repeated.") var interval: [Double] = [1_000, 10_000, 1_000_000]
        @Option(help: "Rows of each cell, in multiples of the stated number.") var times = 100.0
        @Option(help: "Rows of a cell at most.") var rowsMax = 10_000_000
        @Option(help: "normal, outliers, t3, autocorrelated; may be repeated.") var shape: [String] = []
        @Option(help: "Rows of the fit; may be repeated.") var rows: [Int] = [13, 20, 50]
        @Option(help: "Levels; may be repeated.") var levels: [Int] = [1, 5, 50]
        @Option var seed: UInt64 = 1

        func run() throws {
            let shapes = shape.isEmpty ? ErrorProcess.Shape.allCases : shape.compactMap(ErrorProcess.Shape.init)
            print("| errors | levels | rows of the fit |" + interval.map { " \(Int($0)) |" }.joined())
            print("|---|---|---|" + interval.map { _ in "---|" }.joined())
            for levels in levels {
                for shape in shapes {
                    for rows in rows {
                        let settings = StudyStream.Settings(shape: shape, rows: rows, levels: levels)
                        let cells = try interval.map { interval in
                            let study = AlarmStudy(stream: settings, interval: interval)
                            let rows = min(rowsMax, Int(times * interval))
                            return Self.text(try study.run(rows: rows, seed: seed))
                        }
                        print("| \(shape.rawValue) | \(levels) | \(rows) | \(cells.joined(separator: " | ")) |")
                    }
                }
            }
        }

        /// `54,000 (74)`; `> 15,000,000 (0)`.
        private static func text(_ result: AlarmStudy.Result?) -> String {
            guard let result else { return "no model" }
            let mean = result.rows / max(1, result.alarms)
            return (result.alarms == 0 ? "> " : "") + "\(mean.grouped) (\(result.alarms))"
        }
    }

    struct Delays: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rows from a change to its alarm: median / 90 % / missed within 2,000.")

        @Option(help: "The stated number; may be repeated.") var interval: [Double] = [1_000_000, 10_000]
        @Option var runs = 300
        @Option(help: "shift:0.5, spread:1.5, slope:0.02; may be repeated.") var change: [String] = [
            "shift:0.5", "shift:1", "shift:2", "shift:3", "spread:1.5", "spread:2", "slope:0.02", "slope:0.1",
        ]
        @Option(help: "Rows before the change; may be repeated.") var before: [Int] = [500, 50]
        @Option var seed: UInt64 = 1

        func run() throws {
            for text in change {
                guard let change = ErrorChange(text) else { throw ValidationError("'\(text)' is no change") }
                for before in before {
                    let cells = try interval.map { interval in
                        let study = DelayStudy(change: change, rowsBefore: before, interval: interval)
                        return DelaySummary(try study.run(runs, seed: seed)).text
                    }
                    print("| \(change), after \(before) | \(cells.joined(separator: " | ")) |")
                }
            }
        }
    }

    struct Errors: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The errors themselves in sigmas of the model, a run a line, for other detectors to read.")

        @Option var shape = "normal"
        @Option(help: "Of the fit.") var rows = 50
        @Option var change: String?
        @Option(help: "Rows before the change.") var before = 0
        @Option(help: "Rows after it.") var after = 2000
        @Option var runs = 100
        @Option var seed: UInt64 = 1

        func run() throws {
            guard let shape = ErrorProcess.Shape(rawValue: shape) else {
                throw ValidationError("'\(shape)' is no shape")
            }
            let change = change.flatMap(ErrorChange.init)
            for run in 0..<runs {
                let settings = StudyStream.Settings(shape: shape, rows: rows)
                guard var stream = try StudyStream(settings, seed: seed &* 1_000_003 &+ UInt64(run)) else { continue }
                let errors = (0..<before + after).map { row in
                    let isChanged = row >= before
                    let next = stream.next(isChanged ? change.map { ($0, row - before) } : nil)
                    return String(next.standardisedError(stream.statement))
                }
                print(errors.joined(separator: " "))
            }
        }
    }
}

/// Delays as a table shows them.
struct DelaySummary {
    let text: String

    init(_ delays: [Int?]) {
        let sorted = delays.map { $0 ?? .max }.sorted()
        func quantile(_ share: Double) -> String {
            guard !sorted.isEmpty else { return "-" }
            let value = sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
            return value == .max ? "-" : String(value)
        }
        let missed = 100 * sorted.count { $0 == .max } / max(1, sorted.count)
        text = "\(quantile(0.5)) / \(quantile(0.9))" + (missed > 0 ? " / \(missed) %" : "")
    }
}

extension Int {
    /// `1,400,000`, to two digits.
    var grouped: String {
        var unit = 1
        while self / unit >= 100 { unit *= 10 }
        let digits = Array(String((self + unit / 2) / unit * unit))
        return digits.enumerated().map { index, digit in
            index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : String(digit)
        }.joined()
    }
}
