import Documents

/// Which record of a join's side is the oldest, by time, then by arrival. Those that come in the order of time, nearly all,
/// stand in line; the others are in a binary heap.
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

    private var line = Queue<Element>()
    private var heap: [Element] = []

    var count: Int { line.count + heap.count }
    var first: Element? { isLineFirst ? line.first { $0 } : heap.first }

    /// - Parameter element: arrived after all others.
    mutating func insert(_ element: Element) {
        if line.last({ $0 < element }) ?? true {
            line.append(element)
        } else {
            push(element)
        }
    }

    mutating func popFirst() -> Element? { isLineFirst ? line.popFirst() : pop() }

    private var isLineFirst: Bool {
        guard let late = heap.first else { return true }
        return line.first { $0 < late } ?? false
    }
}

// MARK: - The heap

extension ExpiryQueue {
    private mutating func push(_ element: Element) {
        heap.append(element)
        var child = heap.count - 1
        while child > 0, case let parent = (child - 1) / 2, heap[child] < heap[parent] {
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func pop() -> Element? {
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
