/// What is wrong with a formula, and where.
package struct FormulaError: Error, Sendable, Equatable {
    /// The formula as it was given.
    package let text: String
    /// The place in `text`, in characters from 0 on; at its end where something is missing.
    package let place: Range<Int>
    /// One sentence: what was found, and what is accepted.
    package let problem: String
}

extension FormulaError: CustomStringConvertible {
    /// The sentence, and below it the formula with carets under the place.
    package var description: String {
        let carets =
            String(repeating: " ", count: place.lowerBound) + String(repeating: "^", count: max(1, place.count))
        return "\(problem)\n  \(text)\n  \(carets)"
    }
}
