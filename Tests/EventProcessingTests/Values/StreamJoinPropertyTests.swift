import Documents
import Testing

@testable import EventProcessing

@Suite("The join against a reference that keeps everything")
struct StreamJoinPropertyTests {
    private struct Kept {
        let time: Int64
        let key: Int
        let id: Int
    }

    /// Every record against every one of the other side: the rules with nothing clever about them.
    private struct NaiveJoin {
        let retention: Int64
        var sides: [[Kept]] = [[], []]
        var latest: [Int64?] = [nil, nil]

        mutating func add(_ record: Kept, side: Int) -> [[Int]] {
            let other = 1 - side
            let partners = sides[other].enumerated().filter { _, partner in
                partner.key == record.key && abs(partner.time - record.time) <= 60_000
                    && partner.time > latest[other, default: partner.time] - retention
            }.sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            latest[side] = max(latest[side] ?? record.time, record.time)
            sides[side].append(record)
            return partners.map { side == 0 ? [record.id, $0.element.id] : [$0.element.id, record.id] }
        }
    }

    @Test("random records give the same pairs in the same order", arguments: 1...40)
    func random(_ seed: UInt64) {
        var random = Xoshiro256(seed: seed)
        let retention = Int64.random(in: 120_000...300_000, using: &random)
        var naive = NaiveJoin(retention: retention)
        var join = StreamJoin<Int, Int>(StreamJoin.Bounds(within: 60_000, retention: retention, pendingMax: 100_000))
        var (now, matched, sides): (Int64, [Set<Int>], [Int]) = (0, [[], []], [0, 0])
        for id in 0..<800 {
            now += Int64.random(in: 0...5000, using: &random)
            if Int.random(in: 0..<100, using: &random) == 0 { now += 400_000 }
            let time = max(
                0, now - Int64.random(in: 0...(Bool.random(using: &random) ? 1000 : 400_000), using: &random))
            let record = Kept(time: time, key: Int.random(in: 0..<6, using: &random), id: id)
            let side = Int.random(in: 0...1, using: &random)
            let at = Timestamp(milliseconds: time)
            let matches =
                side == 0
                ? join.addLeft(id, key: "\(record.key)", at: at) : join.addRight(id, key: "\(record.key)", at: at)
            sides[side] += 1
            for match in matches {
                matched[0].insert(match.left)
                matched[1].insert(match.right)
            }
            #expect(
                join.unmatched == (left: sides[0] - matched[0].count, right: sides[1] - matched[1].count),
                "seed \(seed), record \(id)")
            #expect(matches.map { [$0.left, $0.right] } == naive.add(record, side: side), "seed \(seed), record \(id)")
        }
        #expect(join.counts.left.expired + join.counts.left.late > 0, "seed \(seed) tests no expiry")
    }

    @Test("200,000 records of one side keep no more than the bound")
    func bounded() {
        var join = StreamJoin<Int, Int>(StreamJoin.Bounds(within: 60_000, retention: 86_400_000, pendingMax: 1000))
        var largest = 0
        for id in 0..<200_000 {
            _ = join.addLeft(id, key: id.isMultiple(of: 3) ? "" : "\(id)", at: Timestamp(milliseconds: Int64(id)))
            largest = max(largest, join.counts.left.pending)
        }
        #expect(largest == 1000)
        #expect(join.counts.left.evicted == 199_000)
        #expect(join.unmatched == (left: 200_000, right: 0))
    }
}

extension Array {
    fileprivate subscript<Wrapped>(index: Int, default value: Wrapped) -> Wrapped where Element == Wrapped? {
        self[index] ?? value
    }
}
