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
        var codes: [Int] = []
        var basis: [Double] = []
        /// Of the row's cells in the columns that are estimated the solution, in their place.
        fileprivate var cells: [Double] = []

        package init() {}
    }

    /// The same of a row whose levels were looked up before, without allocation.
    ///
    /// - Parameter codes: as `PredictionPlan.codes` gives them.
    package func leverage(numbers: [Double], codes: [Int], scratch: inout LeverageScratch) -> Double {
        scratch.codes = codes
        return leverage(numbers: numbers, in: &scratch)
    }

    /// The same of a row whose levels' places stand in the scratch.
    func leverage(numbers: [Double], in scratch: inout LeverageScratch) -> Double {
        plan.fill(&scratch.basis, numbers)
        if scratch.cells.count != coefficients.count { scratch.cells = Array(repeating: 0, count: coefficients.count) }
        var count = 0
        for column in coefficients.indices where coefficients[column].estimate != nil {
            scratch.cells[count] = layout.cell(column, basis: scratch.basis, codes: scratch.codes)
            count += 1
        }
        var vector = scratch.cells.mutableSpan
        solveForward(&vector, count: count)
        var sum = 0.0
        for place in 0..<count { sum += vector[place] * vector[place] }
        return sum
    }

    /// The solution v of Rᵀv = `vector`, which has an entry for each estimated coefficient.
    func forwardSolution(_ vector: [Double]) -> [Double] {
        var solution = vector
        var span = solution.mutableSpan
        solveForward(&span, count: vector.count)
        return solution
    }

    /// - Parameter vector: its first entries become those of the solution.
    private func solveForward(_ vector: inout MutableSpan<Double>, count: Int) {
        let factor = triangularFactor.span
        for j in 0..<count {
            var left = vector[j]
            var place = j
            for i in 0..<j {
                left -= factor[place] * vector[i]
                place += count - 1 - i
            }
            vector[j] = left / factor[place]
        }
    }

    /// The places of the columns that are not aliased.
    var estimatedColumns: [Int] { coefficients.indices.filter { coefficients[$0].estimate != nil } }
}
