import Documents
import SeededTesting
import Testing

@testable import ModelService

@Suite("Hashes of late")
struct RecentHashesTests {
    @Test(
        "are those that a set of them in their order knows, wherever they fall together", arguments: [1, 3, 100, 700])
    func sameAsSet(countMax: Int) throws {
        var random = SeededGenerator(seed: 17)
        var (hashes, expected) = (RecentHashes(countMax: countMax), RecentSet<UInt64>(countMax: countMax))
        for _ in 0..<20_000 {
            // Of few homes, the last of all among them, so that many give way to others.
            let home = [1, 2, 3, 60, UInt64.max].randomElement(using: &random)!
            let hash = UInt64.random(in: 0..<UInt64(2 * countMax), using: &random) << 32 ^ home
            let (isNew, isExpected) = (hashes.insert(hash), expected.insert(hash))
            try #require(isNew == isExpected)
        }
    }
}

@Suite("Levels that came last")
struct RecentLevelsTests {
    @Test("are new once, until several others have come")
    func new() {
        var levels = RecentLevels()
        #expect(["a", "b", "a", "b", "c"].map { levels.insert($0) } == [true, true, false, false, true])
        let others = (0..<20).map { levels.insert("\($0)") }
        let again = levels.insert("a")
        #expect(others.allSatisfy(\.self) && again)
    }
}
