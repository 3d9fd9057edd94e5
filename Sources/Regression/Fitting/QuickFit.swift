/// A least-squares fit of some rows of a `QuickDesign`, with the factor and without it: for levels that its rows do not
/// hold it answers as the model that serves does, without the factor.
package struct QuickFit: Sendable {
    private let design: QuickDesign
    private let full: Solution
    /// The same as `full` where the rows hold one level, so that it is without the factor already.
    private let withoutFactor: Solution
    /// By the design's levels.
    private let isSeen: [Bool]
    /// How many coefficients there are, the aliased ones included.
    package let coefficientCount: Int
    package let rowCount: Int

    init(_ design: QuickDesign, rows: ArraySlice<Int>) {
        let sums = Sums(design, rows: rows)
        let seen = sums.counts.indices.filter { sums.counts[$0] > 0 }
        let numeric = Array(0..<design.width)
        let indicators = design.hasIndicators ? seen.dropFirst().map { design.width + $0 } : []
        self.design = design
        rowCount = rows.count
        coefficientCount = numeric.count + indicators.count
        full = Solution(sums, columns: numeric + indicators, rowCount: rows.count, cellCount: design.stride)
        withoutFactor =
            indicators.isEmpty
            ? full : Solution(sums, columns: numeric, rowCount: rows.count, cellCount: design.stride)
        isSeen = sums.counts.map { $0 > 0 }
    }

    /// What the fit says of a row, whether or not it was fitted on it.
    package func estimate(_ row: Int) -> Double {
        // Neither of the two is copied, as it would be by a choice between them.
        if isSeen[design.levels[row]] { return full.estimate(design, row) }
        return withoutFactor.estimate(design, row)
    }

    /// What the fit would say of a row of its own, had it been fitted without it: see `LinearModel.leaveOneOutEstimate`.
    /// - Returns: nil where the row alone determines a coefficient, as the only row of its level does.
    package func leaveOneOut(_ row: Int) -> Double? { full.leaveOneOut(design, row) }

    /// The same without the factor; nil where the row alone determines a coefficient there too.
    package func leaveOneOutWithoutFactor(_ row: Int) -> Double? { withoutFactor.leaveOneOut(design, row) }

    package func residual(_ row: Int) -> Double { design.responses[row] - estimate(row) }

    /// How far rows lie from the fit; 0 for those of a level that it does not know.
    package func distances(of rows: [Int]) -> [Double] {
        var distances: [Double] = []
        distances.reserveCapacity(rows.count)
        forEachDistance(of: rows[...]) { distances.append($1) }
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

    @inline(__always)
    private func forEachDistance(of rows: ArraySlice<Int>, _ body: (Int, Double) -> Void) {
        let (rows, isSeen) = (rows.span, isSeen.span)
        let (cells, levels, responses) = (design.cells.span, design.levels.span, design.responses.span)
        let (slopes, effects) = (full.slopes.span, full.effects.span)
        for place in rows.indices {
            let row = rows[place]
            let level = levels[row]
            guard isSeen[level] else {
                body(row, 0)
                continue
            }
            let estimate = Solution.sum(of: slopes, cells, row * design.stride) + effects[level]
            body(row, abs(responses[row] - estimate))
        }
    }
}

/// The sums over rows that the normal equations consist of. A level's indicator has one cell that is not 0 in a row, so
/// that the cost of a row does not grow with the number of levels.
private struct Sums {
    let width: Int
    /// The upper triangle over the numeric columns, by columns (`Triangle`).
    let products: [Double]
    let moments: [Double]
    /// By level: rows, sums of the numeric columns, sums of the response.
    let counts: [Int]
    let levelSums: [Double]
    let levelMoments: [Double]

    /// Four sums at a time, each over the rows in their order.
    init(_ design: QuickDesign, rows: ArraySlice<Int>) {
        let (width, groups) = (design.width, design.stride / 4)
        let zero = SIMD4<Double>.zero
        // Of each column its products with all of a row's cells, and of each level the sums of these.
        var sums = Array(repeating: zero, count: width * groups)
        var levelSums = Array(repeating: zero, count: design.levelCount * groups)
        var counts = Array(repeating: 0, count: design.levelCount)
        do {
            var columns = sums.mutableSpan
            var levels = levelSums.mutableSpan
            var rowCounts = counts.mutableSpan
            Self.add(rows.span, design, to: &columns, byLevel: &levels, counting: &rowCounts)
        }
        func cells(_ sums: [SIMD4<Double>], _ place: Int) -> [Double] {
            (0...width).map { sums[place * groups + $0 / 4][$0 % 4] }
        }
        let columns = (0..<width).map { cells(sums, $0) }
        let levels = counts.indices.map { cells(levelSums, $0) }
        self.width = width
        products = columns.enumerated().flatMap { $1[...$0] }
        moments = columns.map { $0[width] }
        self.counts = counts
        self.levelSums = levels.flatMap { $0[..<width] }
        levelMoments = levels.map { $0[width] }
    }

    private static func add(
        _ rows: Span<Int>, _ design: QuickDesign, to sums: inout MutableSpan<SIMD4<Double>>,
        byLevel levelSums: inout MutableSpan<SIMD4<Double>>, counting counts: inout MutableSpan<Int>
    ) {
        let (cells, levels) = (design.cells.span, design.levels.span)
        let (width, groups) = (design.width, design.stride / 4)
        for place in rows.indices {
            let level = levels[rows[place]]
            let start = rows[place] * design.stride
            let cells = cells.extracting(start..<start + design.stride)
            counts[level] += 1
            for group in 0..<groups {
                let lanes = cells.lanes(group)
                levelSums[level * groups + group] += lanes
                for column in 0..<width { sums[column * groups + group] += lanes * cells[column] }
            }
        }
    }

    func product(_ i: Int, _ j: Int) -> Double {
        switch (i < width, j < width) {
        case (true, true): products[Triangle.place(min(i, j), max(i, j))]
        case (true, false): levelSums[(j - width) * width + i]
        case (false, true): levelSums[(i - width) * width + j]
        case (false, false): i == j ? Double(counts[i - width]) : 0
        }
    }

    func moment(_ column: Int) -> Double { column < width ? moments[column] : levelMoments[column - width] }
}

/// The coefficients over the columns that are not aliased, and the factor R of their products, by columns.
private struct Solution {
    /// Less than the square of this part of a column's norm left over, and the column is aliased: rounding is far below.
    private static let tolerance = 1e-5

    let columns: [Int]
    private let triangle: [Double]
    /// For each of a row's cells what it counts, 0 where it is aliased or no column; and what a row's level adds.
    let slopes: [Double]
    let effects: [Double]

    init(_ sums: Sums, columns: [Int], rowCount: Int, cellCount: Int) {
        var kept: [Int] = []
        var triangle: [Double] = []
        var solution: [Double] = []
        for j in columns where kept.count < rowCount {
            let norm = sums.product(j, j)
            var (left, moment) = (norm, sums.moment(j))
            let start = triangle.count
            for (place, i) in kept.enumerated() {
                var entry = sums.product(i, j)
                for k in 0..<place { entry -= triangle[Triangle.place(k, place)] * triangle[start + k] }
                entry /= triangle[Triangle.place(place, place)]
                triangle.append(entry)
                left -= entry * entry
                moment -= entry * solution[place]
            }
            guard left > Self.tolerance * Self.tolerance * norm else {
                triangle.removeLast(triangle.count - start)
                continue
            }
            kept.append(j)
            triangle.append(left.squareRoot())
            solution.append(moment / left.squareRoot())
        }
        for j in stride(from: kept.count - 1, through: 0, by: -1) {
            solution[j] /= triangle[Triangle.place(j, j)]
            for i in 0..<j { solution[i] -= triangle[Triangle.place(i, j)] * solution[j] }
        }
        var slopes = Array(repeating: 0.0, count: cellCount)
        var effects = Array(repeating: 0.0, count: sums.counts.count)
        for (column, value) in zip(kept, solution) {
            if column < sums.width { slopes[column] = value } else { effects[column - sums.width] = value }
        }
        self.slopes = slopes
        self.effects = effects
        self.columns = kept
        self.triangle = triangle
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

extension Span<Double> {
    /// The numbers of a group of four.
    @inline(__always)
    fileprivate func lanes(_ group: Int) -> SIMD4<Double> {
        precondition(4 * group + 4 <= count, "a group of four numbers")
        return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 32 * group, as: SIMD4<Double>.self)
    }
}
