extension LinearModel {
    /// xᵀ(XᵀX)⁻¹x, which is the squared length of the solution v of Rᵀv = x: how far a row lies from those of the fit,
    /// in units of their own spread. Over the rows of the fit it lies between 0 and 1 and adds up to the rank.
    ///
    /// - Parameters:
    ///   - numbers: as for `estimate`.
    ///   - levels: as for `estimate`.
    /// - Returns: nil where a level is not among those that the model was fitted on.
    package func leverage(numbers: [Double], levels: [String]) -> Double? {
        guard let row = designRow(numbers: numbers, levels: levels) else { return nil }
        return forwardSolution(row).reduce(0) { $0 + $1 * $1 }
    }

    /// The solution v of Rᵀv = `vector`, which has an entry for each estimated coefficient.
    func forwardSolution(_ vector: [Double]) -> [Double] {
        var solution: [Double] = []
        for j in vector.indices {
            var left = vector[j]
            var place = j
            for i in 0..<j {
                left -= triangularFactor[place] * solution[i]
                place += vector.count - 1 - i
            }
            solution.append(left / triangularFactor[place])
        }
        return solution
    }

    /// The places of the columns that are not aliased.
    var estimatedColumns: [Int] { coefficients.indices.filter { coefficients[$0].estimate != nil } }

    /// The cells of the columns that are not aliased; nil where a level is unknown.
    private func designRow(numbers: [Double], levels: [String]) -> [Double]? {
        guard let codes = plan.codes(numbers: numbers, levels: levels) else { return nil }
        let basis = plan.basis(numbers)
        return estimatedColumns.map { layout.cell($0, basis: basis, codes: codes) }
    }
}
