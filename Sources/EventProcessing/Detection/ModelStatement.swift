package import Documents

/// What the model that answers says of its own errors, from its document (`GET /model`).
package struct ModelStatement: Sendable, Equatable {
    /// As it stands in the model's answers.
    package var modelTime: String
    /// The residual standard error, in units of the response; nil where the fit had no degrees of freedom left.
    package var sigma: Double?
    /// How many rows it was fitted on.
    package var rows: Int
    /// How many coefficients it estimated from them.
    package var coefficients: Int
    /// How many levels its rows held.
    package var levels: Int
    /// Tells two models of the same second apart; nil where the document has none.
    package var version: String?

    package init(
        modelTime: String, sigma: Double?, rows: Int, coefficients: Int, levels: Int = 1, version: String? = nil
    ) {
        self.modelTime = modelTime
        self.sigma = sigma
        self.rows = rows
        self.coefficients = coefficients
        self.levels = levels
        self.version = version
    }

    /// - Returns: nil where the document is not a model's.
    package init?(_ document: JSON) {
        guard let time = document["time"]?.text.flatMap({ Timestamp($0) }), let rows = document["rows"]?.integer,
            rows > 0, let coefficients = document["coefficients"]?.members
        else { return nil }
        self.init(
            modelTime: time.modelTimeText, sigma: document["sigma"]?.double, rows: Int(rows),
            coefficients: coefficients.count { $0.value != .null },
            levels: max(1, document["levels"]?.elements?.count ?? 1), version: document["version"]?.text)
    }
}
