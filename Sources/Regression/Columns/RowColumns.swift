/// The columns that a row is told by, in the order in which estimates take its values: those of a formula, or more, so
/// that several models take the same rows.
package struct RowColumns: Sendable, Hashable {
    package let numbers: [String]
    /// Of levels.
    package let factors: [String]

    package init(numbers: [String], factors: [String]) {
        self.numbers = numbers
        self.factors = factors
    }

    /// Those that the formula reads, and no others.
    package init(of formula: Formula) {
        self.init(numbers: formula.numbers, factors: formula.factors)
    }

    func holdsAll(of formula: Formula) -> Bool {
        formula.numbers.allSatisfy(numbers.contains) && formula.factors.allSatisfy(factors.contains)
    }
}
