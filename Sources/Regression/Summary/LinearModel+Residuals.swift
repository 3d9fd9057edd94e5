extension LinearModel {
    /// What each row's response is above the estimate.
    ///
    /// - Precondition: the table has the formula's columns, and no level that the model has not seen.
    package func residuals(of table: Table) -> [Double] {
        let responses = table.numbers[formula.response.column]!.map { formula.response.transformed($0) as Double }
        let numbers = row.numbers.map { table.numbers[$0]! }
        let levels = row.factors.map { table.levels[$0]! }
        return responses.indices.map { place in
            responses[place] - estimate(numbers: numbers.map { $0[place] }, levels: levels.map { $0[place] })!
        }
    }
}
