import Documents
import Testing

@Suite struct RecentSetTests {
    @Test("what was seen lately is known, and no more of it than was asked for")
    func recent() {
        var recent = RecentSet<String>(countMax: 2)
        #expect(["a", "b", "a", "c", "b", "a"].map { recent.insert($0) } == [true, true, false, true, false, true])
    }
}
