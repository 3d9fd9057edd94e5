/// The last so many different hashes that were put in: a value. As hashes are spread already, each stands at the place that
/// its last bits name, or at the next that was free, and none is hashed again.
package struct RecentHashes: Sendable {
    private static let placesMin = 64

    private let countMax: Int
    /// A power of two of them, at least twice as many as there are hashes; 0 where there is none.
    private var places = Array(repeating: UInt64(0), count: placesMin)
    /// A ring once it is full.
    private var order: [UInt64] = []
    private var oldest = 0

    package init(countMax: Int) { self.countMax = countMax }

    /// Forgets the oldest where there are too many.
    /// - Returns: false where it is known.
    package mutating func insert(_ hash: UInt64) -> Bool {
        let hash = max(1, hash)
        guard case let place = place(of: hash), places[place] == 0 else { return false }
        places[place] = hash
        if order.count < countMax {
            order.append(hash)
            if 2 * order.count > places.count { makeRoom() }
        } else {
            remove(order[oldest])
            order[oldest] = hash
            oldest = (oldest + 1) % countMax
        }
        return true
    }

    /// The same with the hash of a value: 64 bits of SipHash under a key that nobody else knows. Among 100,000 values two have
    /// the same once in four billion runs.
    package mutating func insert(hashOf value: some Hashable) -> Bool {
        insert(UInt64(truncatingIfNeeded: value.hashValue))
    }

    /// Where it stands, or is to stand.
    private func place(of hash: UInt64) -> Int {
        var place = home(of: hash)
        while places[place] != 0, places[place] != hash { place = next(place) }
        return place
    }

    private func home(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (places.count - 1) }
    private func next(_ place: Int) -> Int { (place + 1) & (places.count - 1) }

    /// Those behind it that had to give way move up, so that each is found from its home on.
    private mutating func remove(_ hash: UInt64) {
        var free = place(of: hash)
        var place = next(free)
        while places[place] != 0 {
            let distance = (place - home(of: places[place])) & (places.count - 1)
            if distance >= (place - free) & (places.count - 1) {
                places[free] = places[place]
                free = place
            }
            place = next(place)
        }
        places[free] = 0
    }

    private mutating func makeRoom() {
        places = Array(repeating: 0, count: 2 * places.count)
        for hash in order { places[place(of: hash)] = hash }
    }
}
