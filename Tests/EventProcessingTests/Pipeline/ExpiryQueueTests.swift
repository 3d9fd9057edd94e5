import SeededTesting
import Testing

@testable import EventProcessing

@Suite("The oldest of a join's records")
struct ExpiryQueueTests {
    @Test(
        "is the earliest, and of one time the first that came, whatever the order in which they came",
        arguments: [0, 1, 30, 5000])
    func oldest(disorder: Int64) throws {
        var (queue, expected, random) = (ExpiryQueue(), [ExpiryQueue.Element](), SeededGenerator(seed: 3))
        for arrival in 1...4000 {
            // Now it grows, now it shrinks, down to nothing.
            if Int.random(in: 0..<10, using: &random) < (arrival / 500 % 2 == 0 ? 7 : 2) {
                let time = Int64(arrival / 3) + Int64.random(in: -disorder...disorder, using: &random)
                let element = ExpiryQueue.Element(time: time, arrival: UInt64(arrival), place: arrival)
                queue.insert(element)
                expected.insert(element, at: expected.firstIndex { element < $0 } ?? expected.count)
            } else {
                let taken = queue.popFirst()
                try #require(taken?.place == (expected.isEmpty ? nil : expected.removeFirst().place))
            }
            try #require(queue.count == expected.count && queue.first?.place == expected.first?.place)
        }
    }
}
