/// The rows of a fit by column: every column has one value for each row.
package struct Table: Sendable, Equatable {
    package let rowCount: Int
    package let numbers: [String: [Double]]
    package let levels: [String: FactorColumn]

    /// - Precondition: all columns are of one length.
    package init(numbers: [String: [Double]], factors levels: [String: FactorColumn]) {
        let counts = Set(numbers.values.map(\.count) + levels.values.map(\.count))
        precondition(counts.count <= 1, "columns of different lengths")
        self.rowCount = counts.first ?? 0
        self.numbers = numbers
        self.levels = levels
    }

    package init(numbers: [String: [Double]], levels: [String: [String]] = [:]) {
        self.init(numbers: numbers, factors: levels.mapValues { FactorColumn($0) })
    }
}

extension Table {
    /// How many different levels there are in each column that a formula takes for levels.
    package func levelCounts(of formula: Formula) -> [String: Int] {
        var counts: [String: Int] = [:]
        for column in formula.factorColumns {
            let levels = levels[column] ?? numbers[column].map { FactorColumn($0) }
            counts[column] = levels.map { Set($0.usedNames).count } ?? 0
        }
        return counts
    }

    /// The columns among these that are the same in all rows.
    package func constantFactors(of formula: Formula) -> Set<String> {
        Set(levelCounts(of: formula).filter { $0.value < 2 }.keys)
    }
}
