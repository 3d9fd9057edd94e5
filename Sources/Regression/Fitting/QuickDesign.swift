/// Rows laid out for many fits in plain doubles, as a judge needs them who asks what fits on other rows would have
/// predicted. What serves is fitted by `LinearModel`, whose digits this does not have.
///
/// The model has an intercept, columns of numbers, and an indicator for each level but the first of one factor, whose cost
/// does not grow with the number of levels. Columns are centred and scaled, so that the normal equations stay well
/// conditioned in a double.
package struct QuickDesign: Sendable {
    /// The intercept and the predictors.
    let width: Int
    /// Row by row, `stride` each: the columns of the row, its response, and zeros up to a whole number of lane groups.
    let cells: [Double]
    let stride: Int
    /// The place of each row's level among those of all rows.
    let levels: [Int]
    package let levelCount: Int
    let responses: [Double]
    /// Whether the levels have a column each.
    let hasIndicators: Bool
    private(set) var blocks = BlockSums.none

    package var count: Int { responses.count }

    package func level(of row: Int) -> Int { levels[row] }

    package func response(of row: Int) -> Double { responses[row] }

    /// The absolute value of the largest one.
    package let largestResponse: Double

    /// - Parameters:
    ///   - columns: of finite numbers, one of each for each row.
    ///   - groups: the level of each row; nil where they are all of one.
    ///   - responses: one for each row.
    ///   - hasIntercept: false for a fit through the origin; columns are not centred then.
    ///   - hasIndicators: false where the levels only tell groups of rows.
    package init(
        columns: [[Double]], groups: FactorColumn?, responses: [Double], hasIntercept: Bool = true,
        hasIndicators: Bool = true
    ) {
        let count = responses.count
        precondition(
            columns.allSatisfy { $0.count == count } && groups.map { $0.count == count } ?? true,
            "one of each for each row")
        (levels, levelCount) = groups?.placesByArrival ?? (Array(repeating: 0, count: count), min(count, 1))
        self.responses = responses
        self.hasIndicators = hasIndicators
        largestResponse = responses.reduce(0) { max($0, abs($1)) }
        let first = hasIntercept ? 1 : 0
        width = first + columns.count
        stride = (width + 1 + 3) / 4 * 4
        var cells = Array(repeating: 0.0, count: stride * count)
        if hasIntercept { for row in 0..<count { cells[row * stride] = 1 } }
        for (place, column) in columns.enumerated() {
            let scale = Scale(column, isCentred: hasIntercept)
            for row in 0..<count { cells[row * stride + first + place] = scale.scaled(column[row]) }
        }
        for row in 0..<count { cells[row * stride + width] = responses[row] }
        self.cells = cells
        blocks = BlockSums(of: self)
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
        column < width ? cells[row * stride + column] : levels[row] == column - width ? 1 : 0
    }

    /// - Parameter rows: their places in rising order, each once; at least one.
    package func fit(_ rows: ArraySlice<Int>) -> QuickFit { QuickFit(self, rows: rows) }

    package func fit(_ rows: [Int]) -> QuickFit { fit(rows[...]) }
}

extension FactorColumn {
    /// The place of each row's level, where levels have places in the order in which they first come, and how many come.
    fileprivate var placesByArrival: ([Int], count: Int) {
        var places = Array(repeating: -1, count: names.count)
        var count = 0
        let rows = codes.map { code in
            if places[Int(code)] < 0 {
                places[Int(code)] = count
                count += 1
            }
            return places[Int(code)]
        }
        return (rows, count)
    }
}
