/// Texts by their bytes, each with a number in the order in which they first came: whoever has many rows then looks up once
/// what a text stands for, and makes no string of it again.
package struct TextTable {
    private struct Entry {
        /// Of `bytes`.
        let range: Range<Int>
        let hash: UInt64
    }

    private let countMax: Int
    /// Of each process and table another, so that nobody can choose texts that fall on one place.
    private let seed = UInt64.random(in: 1...UInt64.max)
    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// The number of a text by its hash; of those with one place, each has the next that is free. -1 where there is none.
    private var places: [Int32]

    /// - Parameter countMax: so many are kept at most.
    package init(countMax: Int) {
        self.countMax = countMax
        places = Array(repeating: -1, count: Self.placesMin)
    }

    /// There are twice as many places as texts, at least.
    private static let placesMin = 32

    package var count: Int { entries.count }

    /// The number of a text, which it gets where it is new; nil where there is no room for it.
    package mutating func number(of text: Span<UInt8>) -> Int? {
        let hash = hash(text)
        var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
        while case let number = Int(places[place]), number >= 0 {
            if entries[number].hash == hash, bytes.span.extracting(entries[number].range).isEqual(to: text) {
                return number
            }
            place = (place + 1) & (places.count - 1)
        }
        guard entries.count < countMax else { return nil }
        places[place] = Int32(entries.count)
        let start = bytes.count
        for index in text.indices { bytes.append(text[index]) }
        entries.append(Entry(range: start..<bytes.count, hash: hash))
        if 2 * entries.count > places.count { makeRoom() }
        return entries.count - 1
    }

    /// Twice as many places, on which the texts are put anew.
    private mutating func makeRoom() {
        places = Array(repeating: -1, count: 2 * places.count)
        for number in entries.indices {
            var place = Int(truncatingIfNeeded: entries[number].hash) & (places.count - 1)
            while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
            places[place] = Int32(number)
        }
    }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
        for place in places.indices { places[place] = -1 }
    }

    /// Both halves of a product, of which each bit depends on all bits so far (as in W. Yi's wyhash).
    private func hash(_ text: Span<UInt8>) -> UInt64 {
        var (hash, word) = (seed ^ UInt64(text.count), UInt64(0))
        for index in text.indices {
            word = word << 8 | UInt64(text[index])
            if index & 7 == 7 {
                hash = Self.folded(hash ^ word)
                word = 0
            }
        }
        return Self.folded(hash ^ word)
    }

    private static func folded(_ value: UInt64) -> UInt64 {
        let (high, low) = (value ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return high ^ low
    }
}
