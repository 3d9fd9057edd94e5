/// The keys of a join's records. A key has a place, a small number, as long as a record of it is held; so it is looked up
/// once for each record, and both sides find by the place what they keep of it.
struct JoinKeys: Sendable {
    private struct Holding: Sendable {
        let key: String
        var count: Int
    }

    private var places: [String: Int] = [:]
    /// By place; what stands at a free one means nothing.
    private var holdings: [Holding] = []
    private var free: [Int] = []

    /// One record more of a key.
    /// - Returns: its place.
    mutating func hold(_ key: String) -> Int {
        let next = free.last ?? holdings.count
        // Put there where the key has none, in the same step.
        let place = { (place: inout Int) in place }(&places[key, default: next])
        if place != next {
            holdings[place].count += 1
        } else if free.popLast() != nil {
            holdings[place] = Holding(key: key, count: 1)
        } else {
            holdings.append(Holding(key: key, count: 1))
        }
        return place
    }

    /// One record less of the key at a place, which is free after the last.
    mutating func release(_ place: Int) {
        holdings[place].count -= 1
        guard holdings[place].count == 0 else { return }
        places[holdings[place].key] = nil
        free.append(place)
    }
}
