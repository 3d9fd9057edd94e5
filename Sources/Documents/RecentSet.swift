/// The last so many different values that were put in, whatever comes: what is delivered twice is told once.
package struct RecentSet<Element: Hashable & Sendable>: Sendable {
    private let countMax: Int
    private var known: Set<Element> = []
    /// A ring once it is full.
    private var order: [Element] = []
    private var oldest = 0

    package init(countMax: Int) { self.countMax = countMax }

    /// Forgets the oldest where there are too many.
    /// - Returns: false where it is known.
    package mutating func insert(_ element: Element) -> Bool {
        guard known.insert(element).inserted else { return false }
        if order.count < countMax {
            order.append(element)
        } else {
            known.remove(order[oldest])
            order[oldest] = element
            oldest = (oldest + 1) % countMax
        }
        return true
    }
}
