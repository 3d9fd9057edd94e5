@testable import Regression

extension Formula {
    /// A formula that is known to be sound.
    static func of(_ text: String, factors: Set<String> = []) -> Formula {
        do { return try Formula(text, factors: factors) } catch { fatalError("\(error)") }
    }
}
