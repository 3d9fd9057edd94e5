import Regression

/// The evidence for a change at any row so far: for each bet the Shiryaev-Roberts sum `R = (1 + R) f` of its likelihood
/// ratios f, and their weighted mean. While nothing changes the mean of it grows by 1 with each row, so that it takes N
/// rows on the mean, or more, to reach N: M. Pollak and A. Tartakovsky, arXiv 0710.5935; as a sum over ranks J. Shin,
/// A. Ramdas and A. Rinaldo, "E-detectors", NEJSDS 2023.
struct EvidenceSums: Equatable {
    /// One for each bet, and one for each side of the gross errors.
    static let count = Bet.all.count + 2
    private static let weightOfBet = 0.06
    private static let weightOfGrossBet = 0.2

    struct Evidence: Equatable {
        /// The Shiryaev-Roberts sum.
        var sum = 0.0
        /// Page's cumulative sum, the largest product of ratios up to here, which says since when.
        var product = 0.0
        /// The rows since that product was last no more than 1; nil where it is so now.
        var stretch: Stretch?

        fileprivate mutating func add(_ ratio: Double, _ row: ObservedRow) {
            sum = (1 + sum) * ratio
            product = max(1, product) * ratio
            guard product > 1 else {
                // Nearly always there is none, and to let go of none takes longer than to look.
                if case .some = stretch { stretch = nil }
                return
            }
            stretch.add(row)
        }
    }

    private(set) var evidences: [Evidence]

    init() { evidences = Array(repeating: Evidence(), count: Self.count) }

    /// - Parameter evidences: `count` of them.
    init(_ evidences: [Evidence]) { self.evidences = evidences }

    /// - Parameter power: the part of the evidence that is left where scores are not independent.
    mutating func add(_ score: Double, power: Double, gross: GrossBet.Side?, _ row: ObservedRow) {
        for (place, bet) in Bet.all.enumerated() {
            evidences[place].add((bet.evidence(score) * power).exponential(), row)
        }
        for (place, side) in [GrossBet.Side.above, .below].enumerated() {
            let ratio = gross == side ? GrossBet.factorOfEvent : GrossBet.factorElse
            evidences[Bet.all.count + place].add(ratio, row)
        }
    }

    private var ofBets: ArraySlice<Evidence> { evidences.prefix(Bet.all.count) }
    private var ofGrossBets: ArraySlice<Evidence> { evidences.suffix(2) }

    /// What is held against the mean number of rows between false alarms.
    var mean: Double {
        Self.weightOfBet * ofBets.reduce(0) { $0 + $1.sum }
            + Self.weightOfGrossBet * ofGrossBets.reduce(0) { $0 + $1.sum }
    }

    /// The rows since the change, by the bet that found it.
    var change: Stretch? {
        let gross = Self.weightOfGrossBet * ofGrossBets.reduce(0) { $0 + $1.sum }
        let group = gross > mean / 2 ? ofGrossBets : ofBets
        return group.max { $0.sum < $1.sum }?.stretch
    }
}
