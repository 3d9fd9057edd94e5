/// A response and the terms that it is regressed on, as in R's `weight ~ length + height + species`.
package struct Formula: Sendable, Hashable {
    package let response: String
    /// False for R's `- 1`: a regression through the origin.
    package let hasIntercept: Bool
    package let terms: [Term]

    package enum Term: Sendable, Hashable {
        /// A numeric column raised to a whole power from 1 up; the power is formed in double-double.
        case variable(String, power: Int = 1)
        /// A categorical column, entered as one indicator column for each level but the reference.
        ///
        /// Without an intercept the formula's first factor has a column for every level, as in R.
        case factor(String)
    }

    package init(response: String, hasIntercept: Bool = true, terms: [Term]) {
        self.response = response
        self.hasIntercept = hasIntercept
        self.terms = terms
    }

    /// The numeric columns that a prediction needs, each once, in the order in which the terms first name them.
    package var variables: [String] {
        terms.reduce(into: []) { names, term in
            if case .variable(let name, _) = term, !names.contains(name) { names.append(name) }
        }
    }

    /// The categorical columns that a prediction needs, in the order of the terms.
    package var factors: [String] {
        terms.reduce(into: []) { names, term in
            if case .factor(let name) = term, !names.contains(name) { names.append(name) }
        }
    }
}

extension Formula: CustomStringConvertible {
    /// The formula as R writes it.
    package var description: String {
        let right = (terms.isEmpty && hasIntercept ? ["1"] : terms.map(\.description)).joined(separator: " + ")
        return "\(response) ~ \(right)\(hasIntercept ? "" : right.isEmpty ? "0" : " - 1")"
    }
}

extension Formula.Term: CustomStringConvertible {
    /// The term as R writes it, which for a number is also the name of its coefficient.
    package var description: String {
        switch self {
        case .variable(let name, power: 1): name
        case .variable(let name, let power): "I(\(name)^\(power))"
        case .factor(let name): name
        }
    }
}
