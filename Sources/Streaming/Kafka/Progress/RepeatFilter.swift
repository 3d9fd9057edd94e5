/// Knows the last names that it was asked about, to tell a record that a process published again after it had been ended
/// in between. Repeats begin at most one commit back, so that a bounded memory is enough.
struct RepeatFilter: Sendable {
    private let countMax: Int
    private var known: Set<Int> = []
    /// A ring once it is full.
    private var order: [Int] = []
    private var oldest = 0

    init(countMax: Int = 100_000) { self.countMax = countMax }

    /// - Returns: whether the name was known. It is from now on.
    mutating func isRepeat(_ name: String) -> Bool {
        // 64 bits of SipHash: among 100,000 names two are equal by chance once in four billion runs.
        let mark = name.hashValue
        guard known.insert(mark).inserted else { return true }
        if order.count < countMax {
            order.append(mark)
        } else {
            known.remove(order[oldest])
            order[oldest] = mark
            oldest = (oldest + 1) % countMax
        }
        return false
    }
}
