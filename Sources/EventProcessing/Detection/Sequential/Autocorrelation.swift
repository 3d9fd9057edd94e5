/// How much each score is like the one before it, from the mean squares of their differences at a distance of one and of
/// two rows: for a process of first order their ratio is `1 + rho`. A shift of the mean enters no difference, so that drift
/// does not pass for autocorrelation.
struct Autocorrelation: Equatable {
    private(set) var squaresOfOne = 0.0
    private(set) var squaresOfTwo = 0.0
    private(set) var count = 0

    private static let countMin = 4
    private static let inflationUnknown = 1.5
    private static let correlationMax = 0.9

    init() {}

    init(squaresOfOne: Double, squaresOfTwo: Double, count: Int) {
        self.squaresOfOne = squaresOfOne
        self.squaresOfTwo = squaresOfTwo
        self.count = count
    }

    mutating func add(_ score: Double, after last: LastScores) {
        guard let one = last.one, let two = last.two else { return }
        squaresOfOne += (score - one) * (score - one)
        squaresOfTwo += (score - two) * (score - two)
        count += 1
    }

    /// By how much the variance of a sum of scores is larger than if they were independent, estimated with caution.
    var inflation: Double {
        guard count >= Self.countMin, squaresOfOne > 0 else { return Self.inflationUnknown }
        let estimate = squaresOfTwo / squaresOfOne - 1 + 0.5 / Double(count).squareRoot()
        let correlation = min(max(estimate, 0), Self.correlationMax)
        return (1 + correlation) / (1 - correlation)
    }
}

/// The two scores before the one at hand.
struct LastScores: Equatable {
    private(set) var one: Double?
    private(set) var two: Double?

    init(one: Double? = nil, two: Double? = nil) {
        self.one = one
        self.two = two
    }

    mutating func add(_ score: Double) {
        two = one
        one = score
    }
}
