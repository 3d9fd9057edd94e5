/// The errors of one level that count as normal: what the model promises, and what it has shown since.
///
/// It grows with every row for as long as the model serves, lest its own error were found in the end. Rows enter it late, so
/// that those after a change do not blur the comparison before they are noticed.
struct RankReference: Equatable {
    private static let delayMin = 4
    static let delayMax = 60

    /// Of the model's promise among the errors.
    private(set) var promiseWeight: Double
    private(set) var counts = BinCounts()
    /// The bins of the newest rows, oldest first, which do not count yet.
    private(set) var waiting: [UInt8] = []

    init(promiseWeight: Double, counts: BinCounts = BinCounts(), waiting: [UInt8] = []) {
        self.promiseWeight = promiseWeight
        self.counts = counts
        self.waiting = waiting
    }

    private var weight: Double { promiseWeight + Double(counts.total) }
    /// How many rows late a row enters: a quarter of what is known.
    private var delay: Int { min(max(Int(weight / 4), Self.delayMin), Self.delayMax) }

    struct Rank {
        /// Between 0 and 1: in the middle of its bin.
        let value: Double
        /// What is known of errors at least as high, and at least as low, in rows.
        let weightAbove: Double
        let weightBelow: Double
        let weight: Double
        /// By how much more the scores scatter because the newest rows are not in the reference.
        let inflation: Double
    }

    /// - Parameter promise: of the model that answers.
    func rank(of bin: Int, _ promise: ModelPromise) -> Rank {
        let promised = promise.shares(bin)
        let below = promiseWeight * promised.below + Double(counts.below(bin))
        let at = promiseWeight * promised.at + Double(counts.at(bin))
        return Rank(
            value: (below + (at + 1) / 2) / (weight + 1), weightAbove: weight - below, weightBelow: below + at,
            weight: weight, inflation: 1 + Double(delay) / weight)
    }

    mutating func take(_ bin: Int) {
        waiting.append(UInt8(bin))
        while waiting.count > delay { counts.add(Int(waiting.removeFirst())) }
    }
}
