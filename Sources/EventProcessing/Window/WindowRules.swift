/// How evaluations are gathered in windows, and which windows count as drift.
package struct WindowRules: Sendable, Equatable {
    /// When a window's result is told.
    package enum Emission: Sendable, Equatable {
        /// `EMIT FINAL`: once, when the window closes.
        case final
        /// `EMIT CHANGES` without a cache: at every evaluation that changes it.
        case changes
    }

    /// `HAVING`: the mean error, rounded first where places are given, must be larger.
    package struct Threshold: Sendable, Equatable {
        package var value: Double
        package var places: Int?

        package init(value: Double, places: Int? = nil) {
            self.value = value
            self.places = places
        }

        /// False where the mean is not finite: ksqlDB takes a failing predicate as false.
        func isExceeded(by mean: Double) -> Bool {
            guard let mean = places.map({ mean.rounded(toPlaces: $0) }) ?? mean, mean.isFinite else { return false }
            return mean > value
        }
    }

    /// In milliseconds; windows start at multiples of it since 1970.
    package var size: Int64
    /// In milliseconds: how long after its end a window still takes late evaluations.
    package var grace: Int64
    package var threshold: Threshold
    package var emission: Emission

    package init(size: Int64, grace: Int64, threshold: Threshold, emission: Emission) {
        precondition(size > 0 && grace >= 0)
        self.size = size
        self.grace = grace
        self.threshold = threshold
        self.emission = emission
    }
}
