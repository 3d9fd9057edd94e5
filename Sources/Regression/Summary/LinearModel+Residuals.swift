extension LinearModel {
    /// What each row's response is above the estimate.
    ///
    /// - Precondition: the table has the formula's columns, and no level that the model has not seen.
    func residuals(of table: Table) -> [Double] {
        let responses = table.numbers[formula.response.column]!.map { formula.response.transformed($0) as Double }
        let numbers = formula.numbers.map { table.numbers[$0]! }
        let levels = formula.factors.map { table.levels[$0]! }
        return responses.indices.map { row in
            responses[row] - estimate(numbers: numbers.map { $0[row] }, levels: levels.map { $0[row] })!
        }
    }
}
