/// The least, the three quartiles and the greatest of some numbers.
///
/// Between two numbers they are interpolated as R does by default: definition 7 of R. J. Hyndman and Y. Fan, *Sample
/// quantiles in statistical packages*, The American Statistician 50, 1996.
struct Quartiles {
    let values: [Double]

    /// Nil without a number.
    init?(_ numbers: [Double]) {
        guard !numbers.isEmpty else { return nil }
        let sorted = numbers.sorted()
        values = (0...4).map { quarter in
            let position = Double(quarter) / 4 * Double(sorted.count - 1)
            let below = Int(position)
            let above = min(below + 1, sorted.count - 1)
            return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
        }
    }
}
