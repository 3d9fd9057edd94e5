import Testing

@testable import Streaming

@Suite("What a role that stands still says")
struct StageWaitTests {
    /// What is said at each moment, in seconds.
    private func said(_ moments: [(at: Int, reason: String?)]) -> [String] {
        var wait = StageWait()
        return moments.compactMap { moment in
            wait.note(moment.reason, at: .seconds(moment.at)).map { "\(moment.at): \($0)" }
        }
    }

    @Test("why, once, after three seconds, and when it goes on")
    func once() {
        #expect(
            said([(0, "a"), (1, "a"), (3, "a"), (4, "a"), (60, "a"), (61, nil), (62, nil)])
                == ["3: waits: a", "61: goes on"])
    }

    @Test("a short wait is nobody's concern, and does not add up with the next")
    func short() {
        #expect(said([(0, "a"), (2, "a"), (3, nil), (4, "a"), (6, "a"), (7, nil)]) == [])
    }

    @Test("another reason is said too, and not more often than every three seconds")
    func another() {
        #expect(
            said([(0, "a"), (3, "a"), (4, "b"), (5, "a"), (6, "b"), (7, "b"), (9, nil)])
                == ["3: waits: a", "6: waits: b", "9: goes on"])
    }
}
