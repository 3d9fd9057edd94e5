/// The upper bounds of a histogram's buckets, which stay the same while the process lives.
package struct HistogramBounds: Sendable, Equatable {
    /// In rising order.
    package let seconds: [Double]
    let nanoseconds: [UInt64]

    package init(_ seconds: [Double]) {
        precondition(zip(seconds, seconds.dropFirst()).allSatisfy { $0 < $1 }, "bounds that do not rise: \(seconds)")
        self.seconds = seconds
        nanoseconds = seconds.map { UInt64(($0 * 1e9).rounded()) }
    }

    /// Of a request: a prediction takes some microseconds, a training up to some seconds.
    package static let requests = HistogramBounds([
        0.000_01, 0.000_1, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ])
    package static let trainings = HistogramBounds([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30])

    /// The bucket of a value: the first whose bound is not below it.
    func bucket(nanoseconds value: UInt64) -> Int {
        var bucket = 0
        while bucket < nanoseconds.count, nanoseconds[bucket] < value { bucket += 1 }
        return bucket
    }
}

/// How often values fell between which bounds, and their sum: a value.
package struct Histogram: Sendable, Equatable {
    package let bounds: HistogramBounds
    /// One for each bound, of the values above the bound before it; then one of those above all bounds.
    package private(set) var counts: [UInt64]
    /// In seconds.
    package private(set) var sum: Double

    package init(_ bounds: HistogramBounds) {
        self.init(bounds, counts: Array(repeating: 0, count: bounds.seconds.count + 1), sum: 0)
    }

    init(_ bounds: HistogramBounds, counts: [UInt64], sum: Double) {
        self.bounds = bounds
        self.counts = counts
        self.sum = sum
    }

    package var count: UInt64 { counts.reduce(0, +) }

    /// - Parameter seconds: negative counts as 0.
    package mutating func observe(_ seconds: Double) {
        let seconds = max(0, seconds)
        counts[bounds.bucket(nanoseconds: UInt64(min(seconds, 1e9) * 1e9))] += 1
        sum += seconds
    }
}
