import Regression

/// One size of change that is betted on: the likelihood ratio of it, `exp(slope z + curvature z² - cost)`, whose mean is 1
/// while the scores are standard normal.
struct Bet {
    private let slope: Double
    private let curvature: Double
    private let cost: Double

    /// - Parameters:
    ///   - shift: of the mean, in standard deviations.
    ///   - spread: by what factor the standard deviation grows.
    private init(shift: Double, spread: Double) {
        let variance = spread * spread
        slope = shift / variance
        curvature = (1 - 1 / variance) / 2
        cost = shift * shift / (2 * variance) + spread.naturalLogarithm()
    }

    /// The logarithm of the ratio for a score.
    func evidence(_ score: Double) -> Double { (slope + curvature * score) * score - cost }

    static let all =
        [0.5, 1, 2].flatMap { [Bet(shift: $0, spread: 1), Bet(shift: -$0, spread: 1)] }
        + [1.5, 2.5].map { Bet(shift: 0, spread: $0) }
        + [3, -3].map { Bet(shift: $0, spread: 1.5) }
}

/// The bet that gross errors to one side have become more frequent than `frequency`: with the part `stake` of what is
/// there. It lets few rows suffice where their ranks, being the highest there are, say no more than that.
enum GrossBet {
    enum Side { case above, below }

    private static let frequency = 0.015
    private static let stake = 0.9

    static let factorOfEvent = 1 - stake + stake / frequency
    static let factorElse = 1 - stake
    /// An error is one only where no more than this is known of errors as large: of the reference's rows, or of one row.
    static let knownShareMax = 0.02
    static let knownRowsMax = 0.5

    static func side(_ error: Double, _ rank: RankReference.Rank, from limit: Double) -> Side? {
        let knownMax = max(knownShareMax * rank.weight, knownRowsMax)
        if error > limit, rank.weightAbove < knownMax { return .above }
        if error < -limit, rank.weightBelow < knownMax { return .below }
        return nil
    }
}
