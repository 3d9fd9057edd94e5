/// The least, the three quartiles and the greatest of some numbers.
///
/// Between two numbers they are interpolated as R does by default: definition 7 of R. J. Hyndman and Y. Fan, *Sample
/// quantiles in statistical packages*, The American Statistician 50, 1996.
struct Quartiles {
    let values: [Double]

    /// Nil without a number.
    init?(_ numbers: [Double]) {
        guard !numbers.isEmpty else { return nil }
        var numbers = numbers
        var start = 0
        values = (0...4).map { quarter in
            let position = Double(quarter) / 4 * Double(numbers.count - 1)
            let below = Int(position)
            numbers.placeInOrder(below, from: start)
            // What is behind a place that is in order is not below it, so the next one is the least of that.
            let above = min(below + 1, numbers.count - 1)
            numbers.placeInOrder(above, from: below)
            start = above
            return numbers[below] + (position - Double(below)) * (numbers[above] - numbers[below])
        }
    }
}
