/// A least-squares fit of some rows of a `QuickDesign`, with the factor and without it: for levels that its rows do not
/// hold it answers as the model that serves does, without the factor.
package struct QuickFit: Sendable {
    private let design: QuickDesign
    private let sums: Sums
    private let full: Solution
    /// Worked out where the design has levels that the rows do not hold, as only such rows are asked of it often.
    private let withoutFactor: Solution?
    /// How many coefficients there are, the aliased ones included.
    package let coefficientCount: Int
    package let rowCount: Int

    init(_ design: QuickDesign, rows: ArraySlice<Int>) {
        let sums = Sums(of: rows, in: design)
        var columns = Array(0..<design.width)
        let seenCount = sums.counts.reduce(0) { $1 > 0 ? $0 + 1 : $0 }
        if design.hasIndicators {
            columns.reserveCapacity(design.width + seenCount)
            let seen = sums.counts.indices.lazy.filter { sums.counts[$0] > 0 }
            for level in seen.dropFirst() { columns.append(design.width + level) }
        }
        self.design = design
        self.sums = sums
        rowCount = rows.count
        coefficientCount = columns.count
        full = Solution(sums, columns: columns, rowCount: rows.count)
        let isWithout = columns.count == design.width
        withoutFactor =
            seenCount == sums.counts.count
            ? nil : isWithout ? full : Self.withoutFactor(sums, rowCount: rows.count)
    }

    private static func withoutFactor(_ sums: Sums, rowCount: Int) -> Solution {
        Solution(sums, columns: Array(0..<sums.width), rowCount: rowCount)
    }

    /// What the fit says of a row, whether or not it was fitted on it.
    package func estimate(_ row: Int) -> Double {
        // Neither of the two is copied, as it would be by a choice between them.
        if sums.counts[design.levels[row]] > 0 { return full.estimate(design, row) }
        if let withoutFactor { return withoutFactor.estimate(design, row) }
        preconditionFailure("a level that the rows do not hold has a fit without the factor")
    }

    /// What the fit would say of a row of its own, had it been fitted without it: see `LinearModel.leaveOneOutEstimate`.
    /// - Returns: nil where the row alone determines a coefficient, as the only row of its level does.
    package func leaveOneOut(_ row: Int) -> Double? { full.leaveOneOut(design, row) }

    /// The same without the factor; nil where the row alone determines a coefficient there too.
    package func leaveOneOutWithoutFactor(_ row: Int) -> Double? {
        (withoutFactor ?? Self.withoutFactor(sums, rowCount: rowCount)).leaveOneOut(design, row)
    }

    private func residual(_ row: Int) -> Double { design.responses[row] - estimate(row) }

    /// By how much `estimate` misses rows.
    package func misses(of rows: ArraySlice<Int>) -> [Double] {
        var misses: [Double] = []
        misses.reserveCapacity(rows.count)
        forEachDistance(of: rows, unknown: { abs(residual($0)) }, { misses.append($1) })
        return misses
    }

    /// How far rows lie from the fit; 0 for those of a level that it does not know.
    package func distances(of rows: ArraySlice<Int>) -> [Double] {
        var distances: [Double] = []
        distances.reserveCapacity(rows.count)
        forEachDistance(of: rows) { distances.append($1) }
        return distances
    }

    /// How many of some rows lie further from it than that.
    package func count(among rows: ArraySlice<Int>, beyond limit: Double) -> Int {
        var count = 0
        forEachDistance(of: rows) { if !($1 <= limit) { count += 1 } }
        return count
    }

    /// The others.
    package func rows(among rows: ArraySlice<Int>, within limit: Double) -> [Int] {
        var within: [Int] = []
        forEachDistance(of: rows) { if $1 <= limit { within.append($0) } }
        return within
    }

    /// - Parameter unknown: the distance of a row whose level the fit does not know.
    @inline(__always)
    private func forEachDistance(
        of rows: ArraySlice<Int>, unknown: (Int) -> Double = { _ in 0 }, _ body: (Int, Double) -> Void
    ) {
        let (rows, counts) = (rows.span, sums.counts.span)
        let (cells, levels, responses) = (design.cells.span, design.levels.span, design.responses.span)
        let (slopes, effects) = (full.slopes.span, full.effects.span)
        for place in rows.indices {
            let row = rows[place]
            let level = levels[row]
            guard counts[level] > 0 else {
                body(row, unknown(row))
                continue
            }
            let estimate = Solution.sum(of: slopes, cells, row * design.stride) + effects[level]
            body(row, abs(responses[row] - estimate))
        }
    }
}

/// The coefficients over the columns that are not aliased, and the factor R of their products, by columns.
private struct Solution {
    /// Less than the square of this part of a column's norm left over, and the column is aliased: rounding is far below.
    private static let tolerance = 1e-5

    let columns: [Int]
    /// With room for the columns that are aliased.
    private let triangle: [Double]
    /// For each of a row's cells what it counts, 0 where it is aliased or no column; and what a row's level adds.
    let slopes: [Double]
    let effects: [Double]

    init(_ sums: Sums, columns: [Int], rowCount: Int) {
        let rankMax = min(columns.count, rowCount)
        var kept: [Int] = []
        kept.reserveCapacity(rankMax)
        var triangle = [Double](filledWith: 0, count: Triangle.count(rankMax))
        var solution = [Double](filledWith: 0, count: rankMax)
        do {
            var factor = triangle.mutableSpan
            var right = solution.mutableSpan
            Self.decompose(sums, columns, into: &factor, &right, keeping: &kept, rankMax)
            Self.solveBackward(&right, factor, rank: kept.count)
        }
        var slopes = [Double](filledWith: 0, count: sums.groups * 4)
        var effects = [Double](filledWith: 0, count: sums.counts.count)
        for (column, value) in zip(kept, solution) {
            if column < sums.width { slopes[column] = value } else { effects[column - sums.width] = value }
        }
        self.slopes = slopes
        self.effects = effects
        self.columns = kept
        self.triangle = triangle
    }

    /// Cholesky's factor, a column at a time, and with it the solution v of Rᵀv = Xᵀy.
    private static func decompose(
        _ sums: Sums, _ columns: [Int], into triangle: inout MutableSpan<Double>,
        _ solution: inout MutableSpan<Double>, keeping kept: inout [Int], _ rankMax: Int
    ) {
        for column in columns where kept.count < rankMax {
            let norm = sums.product(column, column)
            var (left, moment) = (norm, sums.moment(column))
            let start = Triangle.place(0, kept.count)
            for place in kept.indices {
                let other = Triangle.place(0, place)
                var entry = sums.product(kept[place], column)
                for k in 0..<place { entry -= triangle[other + k] * triangle[start + k] }
                entry /= triangle[other + place]
                triangle[start + place] = entry
                left -= entry * entry
                moment -= entry * solution[place]
            }
            guard left > tolerance * tolerance * norm else { continue }
            triangle[start + kept.count] = left.squareRoot()
            solution[kept.count] = moment / left.squareRoot()
            kept.append(column)
        }
    }

    private static func solveBackward(
        _ solution: inout MutableSpan<Double>, _ triangle: borrowing MutableSpan<Double>, rank: Int
    ) {
        for j in stride(from: rank - 1, through: 0, by: -1) {
            let start = Triangle.place(0, j)
            solution[j] /= triangle[start + j]
            for i in 0..<j { solution[i] -= triangle[start + i] * solution[j] }
        }
    }

    func estimate(_ design: QuickDesign, _ row: Int) -> Double {
        Self.sum(of: slopes.span, design.cells.span, row * design.stride) + effects[design.levels[row]]
    }

    @inline(__always)
    static func sum(of slopes: Span<Double>, _ cells: Span<Double>, _ start: Int) -> Double {
        let cells = cells.extracting(start..<start + slopes.count)
        var sum = 0.0
        for group in 0..<slopes.count / 4 {
            let products = slopes.lanes(group) * cells.lanes(group)
            // In their order.
            for lane in 0..<4 { sum += products[lane] }
        }
        return sum
    }

    func leaveOneOut(_ design: QuickDesign, _ row: Int) -> Double? {
        let leverage = leverage(design, row)
        guard leverage < LinearModel.leverageOfItsOwn else { return nil }
        let response = design.responses[row]
        return response - (response - estimate(design, row)) / (1 - leverage)
    }

    private func leverage(_ design: QuickDesign, _ row: Int) -> Double {
        var solved: [Double] = []
        solved.reserveCapacity(columns.count)
        var sum = 0.0
        for (j, column) in columns.enumerated() {
            var left = design.cell(row, column)
            for i in 0..<j { left -= triangle[Triangle.place(i, j)] * solved[i] }
            left /= triangle[Triangle.place(j, j)]
            solved.append(left)
            sum += left * left
        }
        return sum
    }
}
