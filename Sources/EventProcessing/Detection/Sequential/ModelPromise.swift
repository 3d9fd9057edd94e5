import Regression

/// What a model promises of its errors on rows that it has not seen, from its sigma, the rows of its fit and the number of
/// its coefficients: the normal quantiles of a standard deviation of `sigma sqrt(1 + p/n)`, of which the first sum of
/// squares under the root is the errors' own and the second what the fit left uncertain.
struct ModelPromise {
    /// Of fewer degrees of freedom a sigma is no measure: one in twenty is then off by a factor of 1.6 and more.
    static let degreesOfFreedomMin = 10
    /// A reference always holds something to rank against.
    static let weightMin = 2.0
    /// The promise is of normal errors, and real ones are not quite: what the stream shows must outweigh it in time.
    static let weightMax = 100.0
    /// What the errors of one level are known by: as much as by three times its rows.
    private static let weightPerRow = 3.0
    private static let quantilesMax = 200

    let sigma: Double
    /// From how many sigmas on an error is a gross one; nil where sigma is no measure.
    let grossFrom: Double?
    /// How many rows' worth of trust it has for each level.
    let weight: Double
    private var quantiles = BinCounts()

    /// - Returns: nil where the model does not say how far its errors go.
    init?(_ model: ModelStatement) {
        guard let sigma = model.sigma, sigma.isFinite, sigma >= 0 else { return nil }
        self.sigma = sigma
        let rows = Double(model.rows)
        let isMeasured = model.rows - model.coefficients >= Self.degreesOfFreedomMin
        grossFrom = isMeasured ? 4 * (1 + 2 / rows.squareRoot()) : nil
        let known = Self.weightPerRow * rows / Double(model.levels)
        weight = isMeasured ? max(Self.weightMin, min(rows, known, Self.weightMax)) : Self.weightMin
        let spread = (1 + Double(model.coefficients) / rows).squareRoot()
        let count = min(model.rows, Self.quantilesMax)
        for index in 0..<count {
            let quantile = NormalQuantile.of((Double(index) + 0.5) / Double(count))
            quantiles.add(ErrorBins.bin(of: spread * quantile))
        }
    }

    /// In sigmas. Of a perfect fit the rounding of its predictions is left.
    func standardised(_ error: Double, of predicted: Double) -> Double {
        error / max(sigma, abs(predicted) * 1e-9, .leastNormalMagnitude)
    }

    /// What part of the promised errors lies in bins below this one, and in it.
    func shares(_ bin: Int) -> (below: Double, at: Double) {
        let total = Double(quantiles.total)
        return (Double(quantiles.below(bin)) / total, Double(quantiles.at(bin)) / total)
    }
}
