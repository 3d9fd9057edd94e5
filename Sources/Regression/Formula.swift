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
        case factor(String)
    }

    package init(response: String, hasIntercept: Bool = true, terms: [Term]) {
        self.response = response
        self.hasIntercept = hasIntercept
        self.terms = terms
    }
}
