extension [Double] {
    /// The value that would stand at a place if they were sorted, in a time that grows as their number does (FIND: C. A. R.
    /// Hoare, *Algorithm 65*, Communications of the ACM 4, 1961).
    ///
    /// - Parameter place: from 0, the least, to `count - 1`.
    package func ranked(_ place: Int) -> Double {
        precondition(indices ~= place, "a place of a value")
        var values = self
        var (low, high) = (0, count - 1)
        // Values in an order that is unlucky throughout are sorted in the end.
        var rounds = 2 * (Int.bitWidth - count.leadingZeroBitCount)
        while low < high {
            guard rounds > 0 else {
                values[low...high].sort()
                break
            }
            rounds -= 1
            let (left, right) = values.partition(low, high)
            if place <= right {
                high = right
            } else if place >= left {
                low = left
            } else {
                break
            }
        }
        return values[place]
    }

    /// Brings what is less than some value to the front, and what is greater to the back.
    /// - Returns: where the greater ones begin, and where the less ones end; what lies between is the value itself.
    private mutating func partition(_ low: Int, _ high: Int) -> (left: Int, right: Int) {
        let (first, middle, last) = (self[low], self[(low + high) / 2], self[high])
        let pivot = Swift.max(Swift.min(first, middle), Swift.min(Swift.max(first, middle), last))
        var (left, right) = (low, high)
        while left <= right {
            while self[left] < pivot { left += 1 }
            while pivot < self[right] { right -= 1 }
            if left <= right {
                swapAt(left, right)
                left += 1
                right -= 1
            }
        }
        return (left, right)
    }
}
