/// Points drawn with characters, for a terminal or a log: a value that knows nothing of what they are.
struct ScatterText {
    /// Of the area of the points, in characters.
    static let (width, height) = (64, 15)
    /// For one point, a few, and many in one place.
    private static let marks: [(least: Int, mark: Character)] = [(10, "@"), (3, "o"), (1, ".")]

    private let points: [(x: Double, y: Double)]
    private let xRange: ClosedRange<Double>
    private let yRange: ClosedRange<Double>
    /// Where on a line the points would lie; nil draws none.
    private let reference: ((Double) -> Double)?

    /// - Returns: nil where there is nothing to draw.
    init?(_ points: [(x: Double, y: Double)], reference: ((Double) -> Double)? = nil) {
        let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
        guard let xRange = Self.range(finite.map(\.x)), let yRange = Self.range(finite.map(\.y)) else { return nil }
        self.points = finite
        self.xRange = xRange
        self.yRange = yRange
        self.reference = reference
    }

    /// Of one value a range around it, so that there is one to divide by.
    private static func range(_ values: [Double]) -> ClosedRange<Double>? {
        guard let low = values.min(), let high = values.max() else { return nil }
        guard high - low <= 1e-12 * max(abs(low), abs(high)) else { return low...high }
        let half = max(abs(low) / 2, 0.5)
        return low - half...high + half
    }

    /// With the numbers of the axes at their ends.
    var lines: [String] {
        var cells = Array(repeating: Array(repeating: Character(" "), count: Self.width), count: Self.height)
        if let reference {
            for column in 0..<Self.width {
                let x = xRange.lowerBound + (Double(column) + 0.5) / Double(Self.width) * size(xRange)
                if let row = row(of: reference(x)) { cells[row][column] = "-" }
            }
        }
        var counts: [Int: Int] = [:]
        for point in points {
            guard let row = row(of: point.y) else { continue }
            counts[row * Self.width + place(point.x, in: xRange, of: Self.width), default: 0] += 1
        }
        for (place, count) in counts {
            let mark = Self.marks.first { count >= $0.least }?.mark ?? "."
            cells[place / Self.width][place % Self.width] = mark
        }
        return framed(cells)
    }

    private func size(_ range: ClosedRange<Double>) -> Double { range.upperBound - range.lowerBound }

    private func place(_ value: Double, in range: ClosedRange<Double>, of count: Int) -> Int {
        min(count - 1, max(0, Int((value - range.lowerBound) / size(range) * Double(count))))
    }

    /// From the top; nil outside.
    private func row(of y: Double) -> Int? {
        yRange.contains(y) ? Self.height - 1 - place(y, in: yRange, of: Self.height) : nil
    }

    private func framed(_ cells: [[Character]]) -> [String] {
        let labels = [
            0: yRange.upperBound, Self.height / 2: (yRange.lowerBound + yRange.upperBound) / 2,
            Self.height - 1: yRange.lowerBound,
        ].mapValues { $0.text(significantDigits: 3) }
        let margin = labels.values.map(\.count).max() ?? 0
        func padded(_ text: String) -> String { String(repeating: " ", count: margin - text.count) + text }
        let body = cells.enumerated().map { row, line in
            var line = line
            while line.last == " " { line.removeLast() }
            return "\(padded(labels[row] ?? "")) |\(String(line))"
        }
        let (left, right) = (
            xRange.lowerBound.text(significantDigits: 3), xRange.upperBound.text(significantDigits: 3)
        )
        let gap = String(repeating: " ", count: max(1, Self.width - left.count - right.count))
        return body + [
            padded("") + " +" + String(repeating: "-", count: Self.width), padded("") + "  \(left)\(gap)\(right)",
        ]
    }
}
