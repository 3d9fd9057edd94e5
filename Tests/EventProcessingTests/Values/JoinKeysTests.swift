import Documents
import Testing

@testable import EventProcessing

@Suite("The keys of a join")
struct JoinKeysTests {
    @Test("a key has one place while a record of it is held, and another key may have that one afterwards")
    func places() {
        var keys = JoinKeys()
        let first = ["a", "b", "a"].map { keys.hold($0) }
        #expect(first == [0, 1, 0])
        keys.release(0)
        let held = [keys.hold("c"), keys.hold("a")]
        #expect(held == [2, 0])
        keys.release(0)
        keys.release(0)
        let next = ["d", "a", "d", "b"].map { keys.hold($0) }
        #expect(next == [0, 3, 0, 1])
    }

    @Test("what one side forgets the other keeps, and no record of another key meets it")
    func forgotten() {
        var join = StreamJoin<Int64, Int64>(StreamJoin.Bounds(within: 60_000, retention: 86_400_000, pendingMax: 9))
        let before = join.run([.left(0), .left(1), .left(2, "left alone"), .right(3)])
        #expect(before == ["0/3@3", "1/3@3"])
        join.forgetLeft()
        let after = join.run([.right(4), .right(5, "new"), .left(6, "left alone"), .left(7), .left(8, "new")])
        #expect(after == ["7/3@7", "7/4@7", "8/5@8"])
        join.forgetRight()
        let last = join.run([.left(9), .right(10, "new"), .right(11)])
        #expect(last == ["8/10@10", "7/11@11", "9/11@11"])
    }

    @Test("of several records of one key the oldest go first, whichever came first, and the rest meet in order")
    func several() {
        var join = StreamJoin<Int64, Int64>(StreamJoin.Bounds(within: 60_000, retention: 86_400_000, pendingMax: 3))
        let pairs = join.run([.left(30), .left(10), .left(20), .left(40), .left(15), .right(50)])
        #expect(pairs == ["20/50@50", "30/50@50", "40/50@50"])
    }
}
