extension [Double] {
    /// The number that would stand at a place if they were sorted.
    ///
    /// - Parameter place: from 0, the least, to `count - 1`.
    package func ranked(_ place: Int) -> Double {
        precondition(indices ~= place, "a place of a number")
        var numbers = self
        numbers.placeInOrder(place, within: numbers.indices)
        return numbers[place]
    }

    /// Puts the number that sorting would put at a place there, smaller ones before it and greater ones behind it (C. A. R.
    /// Hoare, *Algorithm 65: Find*, CACM 4, 1961, with the median of three as the pivot).
    ///
    /// - Parameter range: holds the place; no number before it is greater than one in it, and none behind it is less.
    mutating func placeInOrder(_ place: Int, within range: Range<Int>) {
        var (low, high) = (range.lowerBound, range.upperBound - 1)
        // Numbers in an order that is unlucky throughout are sorted in the end.
        var rounds = 2 * (Int.bitWidth - range.count.leadingZeroBitCount)
        while low < high {
            guard rounds > 0 else { return self[low...high].sort() }
            rounds -= 1
            var numbers = mutableSpan
            let (left, right) = numbers.partition(low, high)
            if place <= right { high = right } else if place >= left { low = left } else { return }
        }
    }
}

extension MutableSpan<Double> {
    /// Brings what is less than some number to the front, and what is greater to the back.
    /// - Returns: where the greater ones begin, and where the less ones end; what lies between is the number itself.
    fileprivate mutating func partition(_ low: Int, _ high: Int) -> (left: Int, right: Int) {
        let (first, middle, last) = (self[low], self[(low + high) / 2], self[high])
        let pivot = Swift.max(Swift.min(first, middle), Swift.min(Swift.max(first, middle), last))
        var (left, right) = (low, high)
        while left <= right {
            while self[left] < pivot { left += 1 }
            while pivot < self[right] { right -= 1 }
            guard left <= right else { break }
            swapAt(left, right)
            left += 1
            right -= 1
        }
        return (left, right)
    }
}
