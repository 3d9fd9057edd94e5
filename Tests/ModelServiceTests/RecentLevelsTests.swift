import Testing

@testable import ModelService

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
