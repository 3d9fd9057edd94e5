extension RandomAccessCollection where Index == Int {
    /// The place of the first element that belongs to the later part, by halving what is left; `endIndex` where there is none.
    /// - Parameter isLater: false of all elements up to some place, and true of all others.
    package func firstPlace(where isLater: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isLater(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension RandomAccessCollection where Index == Int, Element: Comparable {
    /// Whether an element is among these, which are in rising order.
    func sortedContains(_ element: Element) -> Bool {
        let place = firstPlace { $0 >= element }
        return place < endIndex && self[place] == element
    }
}
