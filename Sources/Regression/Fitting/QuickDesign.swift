/// Rows laid out for many fits in plain doubles, as a judge needs them who asks what fits on other rows would have
/// predicted. What serves is fitted by `LinearModel`, whose digits this does not have.
///
/// The model has an intercept, columns of numbers, and an indicator for each level but the first of one factor, whose cost
/// does not grow with the number of levels. Columns are centred and scaled, so that the normal equations stay well
/// conditioned in a double.
package struct QuickDesign: Sendable {
    /// The intercept and the predictors.
    let width: Int
    /// Row by row, `width` each.
    let cells: [Double]
    /// The place of each row's level among those of all rows.
    let levels: [Int]
    package let levelCount: Int
    let responses: [Double]
    /// Whether the levels have a column each.
    let hasIndicators: Bool

    package var count: Int { responses.count }

    package func level(of row: Int) -> Int { levels[row] }

    package func response(of row: Int) -> Double { responses[row] }

    /// - Parameters:
    ///   - predictors: the same number of finite values for each row.
    ///   - levels: one for each row.
    ///   - responses: one for each row.
    ///   - hasIntercept: false for a fit through the origin; columns are not centred then.
    ///   - hasIndicators: false where the levels only tell groups of rows.
    package init(
        predictors: [[Double]], levels: [String], responses: [Double], hasIntercept: Bool = true,
        hasIndicators: Bool = true
    ) {
        precondition(predictors.count == responses.count && levels.count == responses.count, "one of each for each row")
        var places: [String: Int] = [:]
        self.levels = levels.map { level in
            if let place = places[level] { return place }
            places[level] = places.count
            return places.count - 1
        }
        levelCount = places.count
        self.responses = responses
        self.hasIndicators = hasIndicators
        let columns = predictors.first?.count ?? 0
        width = (hasIntercept ? 1 : 0) + columns
        let scales = (0..<columns).map { column in Scale(predictors.map { $0[column] }, isCentred: hasIntercept) }
        var cells: [Double] = []
        cells.reserveCapacity(width * predictors.count)
        for row in predictors {
            if hasIntercept { cells.append(1) }
            for (scale, value) in zip(scales, row) { cells.append(scale.scaled(value)) }
        }
        self.cells = cells
    }

    private struct Scale {
        let mean: Double
        let deviation: Double

        init(_ values: [Double], isCentred: Bool) {
            let count = Double(max(1, values.count))
            let mean = isCentred ? values.reduce(0) { $0 + $1 / count } : 0
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / count }
            self.mean = mean
            deviation = squares > 0 && squares.isFinite ? squares.squareRoot() : 1
        }

        func scaled(_ value: Double) -> Double { (value - mean) / deviation }
    }

    /// The cell of a row in a column, of which those past `width` are the levels' indicators.
    @inline(__always)
    func cell(_ row: Int, _ column: Int) -> Double {
        column < width ? cells[row * width + column] : levels[row] == column - width ? 1 : 0
    }

    /// - Parameter rows: their places; at least one.
    package func fit(_ rows: [Int]) -> QuickFit { QuickFit(self, rows: rows) }
}
