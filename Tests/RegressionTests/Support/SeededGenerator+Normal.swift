import SeededTesting

extension SeededGenerator {
    /// About 0, of deviation 1, and never farther than 6.
    mutating func roughlyNormal() -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
    }
}
