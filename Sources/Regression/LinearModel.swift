/// A fitted linear regression: a pure value that predicts, and says how sure it is.
package struct LinearModel: Sendable, Equatable {
    package let formula: Formula
    /// The levels of each factor in byte order; the first is the reference.
    package let levels: [String: [String]]
    /// One for each column of the design, in its order, the aliased ones included.
    package let coefficients: [Coefficient]
    package let rowCount: Int
    package let tolerance: Double
    /// The residual standard error; nil where no degrees of freedom are left.
    package let sigma: Double?
    /// Nil where the response does not vary. About the mean with an intercept, about zero without one, as in R.
    package let rSquared: Double?
    /// The factor R of X = QR over the columns that are not aliased: upper triangular, row by row, without the zeros.
    package let triangularFactor: [Double]

    package struct Coefficient: Sendable, Equatable {
        /// R's name: `(Intercept)`, `length`, `specieswalleye`, `I(x^2)`.
        package let name: String
        /// Nil where the column is aliased: a linear combination of those before it, up to the tolerance.
        package let estimate: Double?
        /// Nil where aliased, and where no degrees of freedom are left.
        package let standardError: Double?
    }
}
