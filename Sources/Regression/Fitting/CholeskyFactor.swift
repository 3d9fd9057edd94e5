/// The factor R of XᵀX = RᵀR over the columns that are not aliased, in double-double.
///
/// R is that of X = QR but for signs, so column by column it gives what R's `lm` decides by: what is left of a column's
/// norm after the columns before it. Here that is the root of a difference of squares, which halves the digits of the
/// arithmetic. A double would leave 8 of them, a double-double leaves the 16 that R has with orthogonal transformations:
/// for columns that are clearly collinear, noise lies some 10⁻¹⁵ of the norm below it.
struct CholeskyFactor {
    /// The columns that are not aliased, in order.
    let kept: [Int]
    /// The upper triangle by columns (`Triangle`), over the kept columns.
    let entries: [DoubleDouble]
    /// Of each aliased column what R would have of it: its products with the kept columns before it.
    private let aliased: [(column: Int, products: [DoubleDouble])]

    /// - Parameter tolerance: a column is aliased where less than this part of its norm is left (LINPACK's `dqrdc2` as
    ///   R has changed it, which does not move the other columns). A column past the number of rows is aliased always.
    init(_ equations: NormalEquations, tolerance: Double) {
        var kept: [Int] = []
        var entries: [DoubleDouble] = []
        var aliased: [(column: Int, products: [DoubleDouble])] = []
        let limit = DoubleDouble.product(tolerance, tolerance)
        for j in 0..<equations.columnCount where kept.count < equations.rowCount {
            let squaredNorm = equations.products[Triangle.place(j, j)]
            var left = squaredNorm
            var column: [DoubleDouble] = []
            for (place, i) in kept.enumerated() {
                var sum = equations.products[Triangle.place(i, j)]
                for k in 0..<place { sum -= entries[Triangle.place(k, place)] * column[k] }
                let entry = sum / entries[Triangle.place(place, place)]
                column.append(entry)
                left -= entry * entry
            }
            guard left > .zero, left >= limit * squaredNorm else {
                aliased.append((j, column))
                continue
            }
            kept.append(j)
            entries += column
            entries.append(left.squareRoot())
        }
        self.kept = kept
        self.entries = entries
        self.aliased = aliased
    }

    /// The aliased columns, each with what the kept columns before it, in their order, are multiplied by to give it.
    var combinations: [(column: Int, factors: [DoubleDouble])] {
        aliased.map { column, products in
            var factors = products
            substituteBack(&factors, from: products.count - 1)
            return (column, factors)
        }
    }

    /// The solution of RᵀR β = `moments`, for the kept columns.
    func solve(_ moments: [DoubleDouble]) -> [DoubleDouble] {
        var solution: [DoubleDouble] = []
        for (j, column) in kept.enumerated() {
            var sum = moments[column]
            for i in 0..<j { sum -= entries[Triangle.place(i, j)] * solution[i] }
            solution.append(sum / entries[Triangle.place(j, j)])
        }
        substituteBack(&solution, from: kept.count - 1)
        return solution
    }

    /// The diagonal of (XᵀX)⁻¹, for the kept columns: the sums of squares of the rows of R⁻¹.
    func inverseDiagonal() -> [DoubleDouble] {
        var diagonal = Array(repeating: DoubleDouble.zero, count: kept.count)
        for k in kept.indices {
            var column = Array(repeating: DoubleDouble.zero, count: kept.count)
            column[k] = .one
            substituteBack(&column, from: k)
            for j in 0...k { diagonal[j] += column[j] * column[j] }
        }
        return diagonal
    }

    /// Replaces b by the solution of R x = b, where b is zero past `last`.
    private func substituteBack(_ vector: inout [DoubleDouble], from last: Int) {
        for j in stride(from: last, through: 0, by: -1) {
            let value = vector[j] / entries[Triangle.place(j, j)]
            vector[j] = value
            for i in 0..<j { vector[i] -= entries[Triangle.place(i, j)] * value }
        }
    }
}
