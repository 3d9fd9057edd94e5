/// Which rows were told of lately, so that each is told once: a value.
struct RecentRows {
    /// More than one page of those that are read from a store at once.
    private let countMax: Int
    private var identities: Set<String> = []
    /// A ring, once it is full.
    private var order: [String] = []
    private var next = 0

    init(countMax: Int = 16_384) {
        self.countMax = countMax
    }

    /// - Returns: those rows that are not among the recent ones, which they are from now on.
    mutating func take(_ rows: [Observation]) -> [Observation] {
        rows.filter { insert($0.identity) }
    }

    private mutating func insert(_ identity: String) -> Bool {
        guard identities.insert(identity).inserted else { return false }
        if order.count < countMax {
            order.append(identity)
        } else {
            identities.remove(order[next])
            order[next] = identity
            next = (next + 1) % countMax
        }
        return true
    }
}
