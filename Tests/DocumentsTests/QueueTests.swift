import Documents
import SeededTesting
import Testing

@Suite struct QueueTests {
    @Test("what came first goes first, whatever the turns of coming and going") func order() {
        var (queue, expected) = (Queue<Int>(), [Int]())
        var random = SeededGenerator(seed: 5)
        for number in 0..<5000 {
            // Now it grows, now it shrinks.
            if Int.random(in: 0..<10, using: &random) < (number / 500 % 2 == 0 ? 7 : 3) {
                queue.append(number)
                expected.append(number)
            } else {
                let taken = queue.popFirst()
                #expect(taken == (expected.isEmpty ? nil : expected.removeFirst()))
            }
            #expect(queue.count == expected.count && queue.first { $0 } == expected.first)
            #expect(queue.last { $0 } == expected.last)
            #expect(queue.max { $0 % 100 } == expected.map { $0 % 100 }.max())
        }
    }
}
