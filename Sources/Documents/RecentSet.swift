/// The last so many different values that were put in, whatever comes: what is delivered twice is told once.
/// Inlinable, as without the type of its elements it takes several times as long.
@usableFromInline package struct RecentSet<Element: Hashable & Sendable>: Sendable {
    @usableFromInline let countMax: Int
    @usableFromInline var known: Set<Element> = []
    /// A ring once it is full.
    @usableFromInline var order: [Element] = []
    @usableFromInline var oldest = 0

    @inlinable package init(countMax: Int) { self.countMax = countMax }

    /// Forgets the oldest where there are too many.
    /// - Returns: false where it is known.
    @inlinable package mutating func insert(_ element: Element) -> Bool {
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
