/// The estimates of many rows, column by column.
extension PredictionPlan {
    /// What `estimate` says of each row of a table: the same sums in the same order.
    ///
    /// - Precondition: the table has the columns, and no level that the plan does not know.
    func estimates(of table: Table, _ row: RowColumns) -> [Double] {
        let numbers = row.numbers.map { table.numbers[$0]! }
        let levels = row.factors.map { table.levels[$0]! }
        guard isPlain else {
            return (0..<table.rowCount).map { place in
                estimate(numbers: numbers.map { $0[place] }, levels: levels.map { $0[place] })!
            }
        }
        var estimates = Array(repeating: intercept, count: table.rowCount)
        for step in steps {
            switch step {
            case .power(let number, let exponent, let coefficient):
                let column = numbers[number]
                for place in estimates.indices { estimates[place] += coefficient * column[place].raised(to: exponent) }
            case .effect(let factor, let holder):
                let column = levels[holder]
                // A name that no row has may be unknown.
                let effects = column.names.map { name in
                    places[factor].place(of: name).map { self.effects[factor][$0] } ?? .nan
                }
                for place in estimates.indices { estimates[place] += effects[Int(column.codes[place])] }
            case .columns: preconditionFailure("a plain formula has powers and factors only")
            }
        }
        return estimates
    }
}
