/// Which record of a join's side is the oldest: a binary heap by time, then by arrival.
struct ExpiryQueue: Sendable {
    struct Element: Sendable {
        let time: Int64
        let arrival: UInt64
        /// Of its key.
        let place: Int

        static func < (left: Element, right: Element) -> Bool {
            left.time != right.time ? left.time < right.time : left.arrival < right.arrival
        }
    }

    private var heap: [Element] = []

    var count: Int { heap.count }
    var first: Element? { heap.first }
    /// In no order.
    var all: [Element] { heap }

    mutating func insert(_ element: Element) {
        heap.append(element)
        var child = heap.count - 1
        while child > 0, case let parent = (child - 1) / 2, heap[child] < heap[parent] {
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst() -> Element? {
        guard let first = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while let child = smallerChild(of: parent), heap[child] < heap[parent] {
            heap.swapAt(child, parent)
            parent = child
        }
        return first
    }

    private func smallerChild(of parent: Int) -> Int? {
        let left = 2 * parent + 1
        guard left < heap.count else { return nil }
        let right = left + 1
        return right < heap.count && heap[right] < heap[left] ? right : left
    }
}
