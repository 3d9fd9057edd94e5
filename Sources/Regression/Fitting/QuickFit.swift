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

    init(_ design: QuickDesign, rows: [Int]) {
        let sums = Sums(design, rows: rows)
        let seen = sums.counts.indices.filter { sums.counts[$0] > 0 }
        let numeric = Array(0..<design.width)
        let indicators = design.hasIndicators ? seen.dropFirst().map { design.width + $0 } : []
        self.design = design
        rowCount = rows.count
        coefficientCount = numeric.count + indicators.count
        full = Solution(sums, columns: numeric + indicators, rowCount: rows.count)
        withoutFactor = indicators.isEmpty ? full : Solution(sums, columns: numeric, rowCount: rows.count)
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

    /// Whether its rows hold the level of a row.
    private func knowsLevel(of row: Int) -> Bool { isSeen[design.levels[row]] }

    package func residual(_ row: Int) -> Double { design.responses[row] - estimate(row) }

    /// How far rows lie from the fit; 0 for those of a level that it does not know.
    package func distances(of rows: [Int]) -> [Double] { rows.map(distance) }

    /// How many of some rows lie further from it than that.
    package func count(among rows: [Int], beyond limit: Double) -> Int { rows.count { !(distance($0) <= limit) } }

    /// The others.
    package func rows(among rows: [Int], within limit: Double) -> [Int] { rows.filter { distance($0) <= limit } }

    private func distance(_ row: Int) -> Double { knowsLevel(of: row) ? abs(residual(row)) : 0 }
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

    init(_ design: QuickDesign, rows: [Int]) {
        let width = design.width
        var products = Array(repeating: 0.0, count: Triangle.count(width))
        var moments = Array(repeating: 0.0, count: width)
        var counts = Array(repeating: 0, count: design.levelCount)
        var levelSums = Array(repeating: 0.0, count: design.levelCount * width)
        var levelMoments = Array(repeating: 0.0, count: design.levelCount)
        for row in rows {
            let (level, response) = (design.levels[row], design.responses[row])
            counts[level] += 1
            levelMoments[level] += response
            for j in 0..<width {
                let cell = design.cells[row * width + j]
                for i in 0...j { products[Triangle.place(i, j)] += design.cells[row * width + i] * cell }
                moments[j] += cell * response
                levelSums[level * width + j] += cell
            }
        }
        self.width = width
        self.products = products
        self.moments = moments
        self.counts = counts
        self.levelSums = levelSums
        self.levelMoments = levelMoments
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
    private let coefficients: [Double]
    /// What a row's level adds, and how many of the columns are of numbers; these come first.
    private let effects: [Double]
    private let numericCount: Int

    init(_ sums: Sums, columns: [Int], rowCount: Int) {
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
        numericCount = kept.count { $0 < sums.width }
        var effects = Array(repeating: 0.0, count: sums.counts.count)
        for place in numericCount..<kept.count { effects[kept[place] - sums.width] = solution[place] }
        self.effects = effects
        self.columns = kept
        self.triangle = triangle
        coefficients = solution
    }

    func estimate(_ design: QuickDesign, _ row: Int) -> Double {
        let start = row * design.width
        var sum = 0.0
        for place in 0..<numericCount { sum += coefficients[place] * design.cells[start + columns[place]] }
        return sum + effects[design.levels[row]]
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
