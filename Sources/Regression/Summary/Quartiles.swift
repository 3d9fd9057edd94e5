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

extension [Double] {
    /// Puts the number that sorting would put at a place there, smaller ones before it and greater ones behind it (C. A. R.
    /// Hoare, *Algorithm 65: Find*, CACM 4, 1961, with the median of three as the pivot).
    ///
    /// - Parameter start: all before it are in their halves already.
    fileprivate mutating func placeInOrder(_ place: Int, from start: Int) {
        var (low, high) = (start, count - 1)
        while low < high {
            let ends = (self[low], self[(low + high) / 2], self[high])
            let pivot = Swift.max(Swift.min(ends.0, ends.1), Swift.min(Swift.max(ends.0, ends.1), ends.2))
            var (left, right) = (low, high)
            while left <= right {
                while self[left] < pivot { left += 1 }
                while self[right] > pivot { right -= 1 }
                guard left <= right else { break }
                swapAt(left, right)
                left += 1
                right -= 1
            }
            if place <= right { high = right } else if place >= left { low = left } else { return }
        }
    }
}
