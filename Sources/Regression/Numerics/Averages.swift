extension Collection<Double> {
    /// 0 of none. Inlinable, as generic code for another module's arrays takes many times as long.
    @inlinable package var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }

    /// The middle one of them, the upper of two; 0 where there is none.
    package var median: Double { isEmpty ? 0 : Array(self).ranked(count / 2) }

    /// Of normal errors by their sizes the standard deviation, which a few large ones do not move.
    package var robustDeviation: Double { 1.4826 * median }
}
