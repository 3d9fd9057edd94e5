extension LinearModel {
    /// xᵀ(XᵀX)⁻¹x, which is the squared length of the solution v of Rᵀv = x: how far a row lies from those of the fit,
    /// in units of their own spread. Over the rows of the fit it lies between 0 and 1 and adds up to the rank.
    ///
    /// - Parameters:
    ///   - numbers: as for `estimate`.
    ///   - levels: as for `estimate`.
    /// - Returns: nil where a level is not among those that the model was fitted on.
    package func leverage(numbers: [Double], levels: [String]) -> Double? {
        guard let codes = plan.codes(numbers: numbers, levels: levels) else { return nil }
        var scratch = LeverageScratch()
        return leverage(numbers: numbers, codes: codes, scratch: &scratch)
    }

    /// Room in which the leverages of one row after the other are worked out.
    package struct LeverageScratch: Sendable {
        var basis: [Double] = []
        fileprivate var row: [Double] = []
        fileprivate var solution: [Double] = []

        package init() {}
    }

    /// The same of a row whose levels were looked up before, without allocation.
    ///
    /// - Parameter codes: as `PredictionPlan.codes` gives them.
    package func leverage(numbers: [Double], codes: [Int], scratch: inout LeverageScratch) -> Double {
        plan.fill(&scratch.basis, numbers)
        scratch.row.removeAll(keepingCapacity: true)
        scratch.row.reserveCapacity(coefficients.count)
        for column in coefficients.indices where coefficients[column].estimate != nil {
            scratch.row.append(layout.cell(column, basis: scratch.basis, codes: codes))
        }
        solveForward(scratch.row, into: &scratch.solution)
        return scratch.solution.reduce(0) { $0 + $1 * $1 }
    }

    /// The solution v of Rᵀv = `vector`, which has an entry for each estimated coefficient.
    func forwardSolution(_ vector: [Double]) -> [Double] {
        var solution: [Double] = []
        solveForward(vector, into: &solution)
        return solution
    }

    private func solveForward(_ vector: [Double], into solution: inout [Double]) {
        solution.removeAll(keepingCapacity: true)
        solution.reserveCapacity(vector.count)
        for j in vector.indices {
            var left = vector[j]
            var place = j
            for i in 0..<j {
                left -= triangularFactor[place] * solution[i]
                place += vector.count - 1 - i
            }
            solution.append(left / triangularFactor[place])
        }
    }

    /// The places of the columns that are not aliased.
    var estimatedColumns: [Int] { coefficients.indices.filter { coefficients[$0].estimate != nil } }
}
