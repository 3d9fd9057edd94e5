import Specification

/// The results of a backtest as a table: a row a setting, and where it ran at several phases of the clock the least, the
/// middle and the most of each figure.
struct BacktestTable {
    private var rows: [[String]]

    private let measure: ModelSpecification.ErrorMeasure

    init(_ specification: ModelSpecification) {
        measure = specification.errorMeasure
        rows = [
            [
                "", "delay", "false alarms", "missed drifts", "wrong \(specification.subject)", "retrainings",
                "mean error",
            ]
        ]
    }

    mutating func add(_ name: String, _ results: [BacktestResult]) {
        let drifts = results.compactMap(\.drifts)
        rows.append([
            name,
            Self.spread(drifts.flatMap(\.delays).map { Double($0) / 1000 }, unit: " s"),
            Self.spread(drifts.map { Double($0.falseAlarms) }),
            Self.spread(drifts.map { Double($0.missed) }),
            Self.spread(results.map { Double($0.wrong) }),
            Self.spread(results.map { Double($0.retrainings) }),
            meanErrors(results.compactMap(\.meanError)),
        ])
    }

    private func meanErrors(_ errors: [Double]) -> String {
        guard measure == .relative else { return Self.extremes(errors).map(measure.text).joined(separator: " / ") }
        return Self.spread(errors.map { $0 * 100 }, places: 1, unit: " %")
    }

    var lines: [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).enumerated().map { column, cell in
                let gap = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + gap : gap + cell.0
            }
            return cells.joined(separator: "  ")
        }
    }

    /// `15 / 24.5 / 64`, or one number where all are the same.
    private static func spread(_ values: [Double], places: Int = 0, unit: String = "") -> String {
        let extremes = extremes(values)
        return extremes.isEmpty ? "-" : extremes.map { text($0, places) }.joined(separator: " / ") + unit
    }

    /// The least, the middle and the most, or one where all are the same.
    private static func extremes(_ values: [Double]) -> [Double] {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return [] }
        let middle = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        return first < last ? [first, middle, last] : [first]
    }

    /// Whole numbers without a point, others with one place more at least.
    private static func text(_ value: Double, _ places: Int) -> String {
        let tenths = (value * 10).rounded() / 10
        return places == 0 && tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)
    }
}
