import Documents
import EventTesting
import Testing

@testable import EventProcessing

/// One record of a script for a join of texts.
enum JoinStep: Sendable, CustomStringConvertible {
    case left(Int64, String = "k")
    case right(Int64, String = "k")

    var description: String {
        switch self {
        case .left(let time, let key): "left \(time) \(key)"
        case .right(let time, let key): "right \(time) \(key)"
        }
    }
}

extension StreamJoin where Left == Int64, Right == Int64 {
    /// The pairs as "left/right@time".
    mutating func run(_ steps: [JoinStep]) -> [String] {
        steps.flatMap { step in
            switch step {
            case .left(let time, let key): addLeft(time, key: key, at: Timestamp(milliseconds: time))
            case .right(let time, let key): addRight(time, key: key, at: Timestamp(milliseconds: time))
            }
        }.map { "\($0.left)/\($0.right)@\($0.time.milliseconds)" }
    }
}

@Suite("The join")
struct StreamJoinTests {
    private static let day: Int64 = 86_400_000

    private func join(retention: Int64 = day, pendingMax: Int = 1000) -> StreamJoin<Int64, Int64> {
        StreamJoin(StreamJoin.Bounds(within: 60_000, retention: retention, pendingMax: pendingMax))
    }

    @Test(
        "records of one key meet within 60 s, bounds included, whichever comes first; the later time is the pair's",
        arguments: [
            ([.left(0), .right(60_000)], ["0/60000@60000"]),
            ([.left(0), .right(60_001)], []),
            ([.right(0), .left(60_000)], ["60000/0@60000"]),
            ([.right(0), .left(60_001)], []),
            ([.right(5000), .left(1000)], ["1000/5000@5000"]),
            ([.right(60_000), .left(0)], ["0/60000@60000"]),
            ([.left(60_001), .right(0)], []),
            ([.left(0), .right(0)], ["0/0@0"]),
            ([.left(0, "a"), .right(0, "b")], []),
            ([.left(0, ""), .right(0, "")], ["0/0@0"]),
        ] as [([JoinStep], [String])])
    func bounds(_ steps: [JoinStep], _ expected: [String]) {
        var join = join()
        #expect(join.run(steps) == expected)
    }

    @Test("two and two duplicates make four pairs")
    func duplicates() {
        var join = join()
        let pairs = join.run([.left(0), .left(10), .right(20), .right(30)])
        #expect(pairs == ["0/20@20", "10/20@20", "0/30@30", "10/30@30"])
    }

    @Test("matches come by time, and at one time by arrival")
    func order() {
        var join = StreamJoin<String, String>(StreamJoin.Bounds(within: 60_000, retention: Self.day, pendingMax: 9))
        for (name, time) in [("late", 30), ("early", 10), ("first", 20), ("second", 20)] as [(String, Int64)] {
            _ = join.addLeft(name, key: "k", at: Timestamp(milliseconds: time))
        }
        let matches = join.addRight("truth", key: "k", at: 40)
        #expect(matches.map(\.left) == ["early", "first", "second", "late"])
    }

    @Test(
        "a record stays for its retention behind the time of its own side, to the millisecond",
        arguments: [180_000, day])
    func retention(_ retention: Int64) {
        var kept = join(retention: retention)
        #expect(kept.run([.left(0), .left(retention - 1, "x"), .right(0)]) == ["0/0@0"])
        var gone = join(retention: retention)
        #expect(gone.run([.left(0), .left(retention, "x"), .right(0)]) == [])
        var otherSide = join(retention: retention)
        #expect(otherSide.run([.left(0), .right(retention, "x"), .right(0)]) == ["0/0@0"])
    }

    @Test("a record too old to be kept still looks for partners")
    func lateProbe() {
        var join = join(retention: 180_000)
        #expect(join.run([.right(0), .left(500_000, "x"), .left(0), .right(1)]) == ["0/0@0"])
        #expect(join.counts.left.late == 1)
    }

    @Test("what expires without a partner is counted, and so is what is left at the end")
    func unmatched() {
        var join = join(retention: 180_000)
        _ = join.run([.left(0, "never"), .left(0, "met"), .right(1, "met"), .right(2, "alone")])
        #expect(join.unmatched == (left: 1, right: 1))
        #expect(join.counts.left.unmatched == 0)
        _ = join.run([.left(180_000, "later")])
        #expect(join.counts.left == JoinCounts.Side(pending: 1, expired: 2, unmatched: 1))
        #expect(join.unmatched == (left: 2, right: 1))
    }

    @Test("beyond the bound the oldest record goes first, and is counted")
    func eviction() {
        var join = join(pendingMax: 2)
        let pairs = join.run([
            .left(20, "b"), .left(10, "a"), .left(30, "c"), .right(30, "a"), .right(30, "b"), .right(30, "c"),
        ])
        #expect(pairs == ["20/30@30", "30/30@30"])
        #expect(join.counts.left.evicted == 1)
        #expect(join.counts.left.pending == 2)
    }

    @Test(
        "beyond the bound of bytes the oldest go too, as many as it takes, on each side for itself",
        arguments: [0, 990])
    func evictionByBytes(textBytes: Int) {
        var join = StreamJoin<Int, Int>(
            StreamJoin.Bounds(within: 60_000, retention: Self.day, pendingMax: 1000, pendingBytesMax: 10_000))
        let padding = String(repeating: "k", count: 994 - textBytes)
        var abandoned = 0
        for number in 100_000..<100_100 {
            let time = Timestamp(milliseconds: Int64(number))
            _ = join.addLeft(number, key: "\(number)\(padding)", size: textBytes, at: time)
            abandoned += join.abandoned.left.count
            #expect(join.pendingBytes.left <= 10_000 && join.pendingBytes.right == 0)
        }
        #expect(join.counts.left.pending == 10 && join.counts.left.evicted == 90 && abandoned == 90)
        // One that is larger than all may be is kept alone, until another comes.
        _ = join.addLeft(0, key: "large", size: 50_000, at: Timestamp(milliseconds: 200_000))
        #expect(join.counts.left.pending == 1)
        let key = "100099\(padding)"
        #expect(join.addRight(1, key: key, size: 0, at: Timestamp(milliseconds: 100_099)).isEmpty)
        join.forgetLeft()
        #expect(join.pendingBytes.left == 0)
    }
}
