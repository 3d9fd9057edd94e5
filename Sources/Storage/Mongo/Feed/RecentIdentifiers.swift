/// Which documents were seen lately: what is read twice, because two ways of reading overlap, is told once.
struct RecentIdentifiers {
    private let countMax: Int
    private var known: Set<String> = []
    private var order: [String] = []
    private var oldest = 0

    init(countMax: Int) { self.countMax = countMax }

    /// - Returns: false where it is known.
    mutating func insert(_ identifier: String) -> Bool {
        guard known.insert(identifier).inserted else { return false }
        if order.count < countMax {
            order.append(identifier)
        } else {
            known.remove(order[oldest])
            order[oldest] = identifier
            oldest = (oldest + 1) % countMax
        }
        return true
    }
}
