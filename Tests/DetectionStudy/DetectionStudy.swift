import ArgumentParser

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
            abstract: "Rows between two false alarms, by the shape of the errors, the rows of the fit and the levels.",
            discussion: "Ends with status 1 where they are more frequent than is stated, by more than chance explains.")

        @Option(help: "The stated number; may be repeated.") var interval: [Double] = [1_000, 10_000, 1_000_000]
        @Option(help: "Rows of each cell, in multiples of the stated number.") var times = 100.0
        @Option(help: "Rows of a cell at most.") var rowsMax = 10_000_000
        @Option(help: "normal, outliers, t3, autocorrelated; may be repeated.") var shape: [String] = []
        @Option(help: "Rows of the fit; may be repeated.") var rows: [Int] = [13, 20, 50]
        @Option(help: "Levels; may be repeated.") var levels: [Int] = [1, 5, 50]
        @Option var seed: UInt64 = 1

        func run() throws {
            let shapes = try shape.isEmpty ? ErrorProcess.Shape.allCases : shape.map(ErrorProcess.Shape.init(argument:))
            var tooFrequent: [String] = []
            print("| errors | levels | rows of the fit |" + interval.map { " \(Int($0)) |" }.joined())
            print("|---|---|---|" + interval.map { _ in "---|" }.joined())
            for levels in levels {
                for shape in shapes {
                    for rows in rows {
                        let settings = StudyStream.Settings(shape: shape, rows: rows, levels: levels)
                        let cells = try interval.map { interval in
                            let study = AlarmStudy(stream: settings, interval: interval)
                            let rows = min(rowsMax, Int(times * interval))
                            let result = try study.run(rows: rows, seed: seed)
                            if result?.isTooFrequent(interval) == true {
                                tooFrequent.append(
                                    "\(shape.rawValue), \(levels) levels, \(settings.rows) rows, \(Int(interval))")
                            }
                            return Self.text(result)
                        }
                        print("| \(shape.rawValue) | \(levels) | \(rows) | \(cells.joined(separator: " | ")) |")
                    }
                }
            }
            guard tooFrequent.isEmpty else {
                print("\ntoo frequent: \(tooFrequent.joined(separator: "; "))")
                throw ExitCode.failure
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
            for change in try change.map(ErrorChange.init(argument:)) {
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
            let shape = try ErrorProcess.Shape(argument: shape)
            let change = try change.map(ErrorChange.init(argument:))
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

extension ErrorProcess.Shape {
    init(argument: String) throws {
        guard let shape = Self(rawValue: argument) else {
            let accepted = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("'\(argument)' is no shape of errors; accepted are \(accepted)")
        }
        self = shape
    }
}

extension ErrorChange {
    init(argument: String) throws {
        guard let change = Self(argument) else {
            throw ValidationError("'\(argument)' is no change; accepted are shift:0.5, spread:1.5, slope:0.02")
        }
        self = change
    }
}

extension AlarmStudy.Result {
    /// By more than three standard errors of the number that is stated.
    fileprivate func isTooFrequent(_ interval: Double) -> Bool {
        let stated = Double(rows) / interval
        return Double(alarms) > stated + 3 * stated.squareRoot()
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
