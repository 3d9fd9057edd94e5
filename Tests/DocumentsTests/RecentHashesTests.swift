import Documents
import SeededTesting
import Testing

@Suite("Hashes of late")
struct RecentHashesTests {
    @Test(
        "are those that a set of them in their order knows, wherever they fall together", arguments: [1, 3, 100, 700])
    func sameAsSet(countMax: Int) throws {
        var random = SeededGenerator(seed: 17)
        var (hashes, known, order) = (RecentHashes(countMax: countMax), Set<UInt64>(), [UInt64]())
        for _ in 0..<20_000 {
            // Of few homes, the last of all among them, so that many give way to others.
            let home = [1, 2, 3, 60, UInt64.max].randomElement(using: &random)!
            let hash = UInt64.random(in: 0..<UInt64(2 * countMax), using: &random) << 32 ^ home
            let (isNew, isExpected) = (hashes.insert(hash), known.insert(hash).inserted)
            try #require(isNew == isExpected)
            if isExpected { order.append(hash) }
            if order.count > countMax { known.remove(order.removeFirst()) }
        }
    }
}
