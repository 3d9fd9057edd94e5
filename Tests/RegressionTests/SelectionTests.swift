import SeededTesting
import Testing

@testable import Regression

@Suite("Selection of one value by its rank")
struct SelectionTests {
    private static let orders: [[Double]] = [
        [3], [2, 1], Array(repeating: 1, count: 50), (0..<101).map(Double.init), (0..<100).reversed().map(Double.init),
        // Up and down, where the middle of three is no good guess.
        (0..<200).map { Double(min($0, 199 - $0)) },
        [.infinity, -.infinity, 0, -0.0, 1e308, .leastNonzeroMagnitude],
    ]

    @Test("it is the value at that place of the sorted ones, whatever their order", arguments: orders)
    func sorted(values: [Double]) {
        let sorted = values.sorted()
        for place in values.indices { #expect(values.ranked(place) == sorted[place]) }
    }

    @Test("random values with many equal ones among them too")
    func random() {
        var generator = SeededGenerator(seed: 7)
        for count in [1, 2, 3, 10, 1000] {
            let values = (0..<count).map { _ in Double(Int.random(in: 0..<max(1, count / 2), using: &generator)) }
            let sorted = values.sorted()
            for place in values.indices { #expect(values.ranked(place) == sorted[place]) }
        }
    }

    @Test("values that are no numbers end it too")
    func nan() {
        _ = [Double.nan, 1, .nan, 2, .nan, 0].ranked(3)
    }
}
