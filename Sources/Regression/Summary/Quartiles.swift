/// The least, the three quartiles and the greatest of some numbers.
///
/// Between two numbers they are interpolated as R does by default: definition 7 of R. J. Hyndman and Y. Fan, *Sample
/// quantiles in statistical packages*, The American Statistician 50, 1996.
struct Quartiles {
    let values: [Double]

    /// Nil without a number.
    init?(_ numbers: consuming [Double]) {
        guard !numbers.isEmpty else { return nil }
        var numbers = consume numbers
        let end = numbers.count
        func position(_ quarter: Int) -> Double { Double(quarter) / 4 * Double(end - 1) }
        func place(_ quarter: Int) -> Int { Int(position(quarter)) }
        func value(_ quarter: Int, within range: Range<Int>) -> Double {
            let below = place(quarter)
            numbers.placeInOrder(below, within: range)
            // What is behind a place that is in order is not below it, so the next one is the least of that.
            let above =
                below + 1 < end ? least(of: numbers, in: below + 1..<max(below + 2, range.upperBound)) : numbers[below]
            return numbers[below] + (position(quarter) - Double(below)) * (above - numbers[below])
        }
        // The middle first: the others have a half to look through then, and the outermost a quarter.
        let median = value(2, within: 0..<end)
        let lower = value(1, within: 0..<place(2) + 1)
        let upper = value(3, within: place(2)..<end)
        values = [
            value(0, within: 0..<place(1) + 1), lower, median, upper, value(4, within: place(3)..<end),
        ]
    }
}

private func least(of numbers: [Double], in range: Range<Int>) -> Double {
    var least = numbers[range.lowerBound]
    for place in range where numbers[place] < least { least = numbers[place] }
    return least
}
