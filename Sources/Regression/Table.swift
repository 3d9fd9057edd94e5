/// The rows of a fit by column: every column has one value for each row.
package struct Table: Sendable, Equatable {
    package let rowCount: Int
    package let numbers: [String: [Double]]
    package let levels: [String: [String]]

    /// - Precondition: all columns are of one length.
    package init(numbers: [String: [Double]], levels: [String: [String]] = [:]) {
        let counts = Set(numbers.values.map(\.count) + levels.values.map(\.count))
        precondition(counts.count <= 1, "columns of different lengths")
        self.rowCount = counts.first ?? 0
        self.numbers = numbers
        self.levels = levels
    }
}
