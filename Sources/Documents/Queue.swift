/// First in, first out; both ends take the same short time on average, and what is taken is moved out and not copied.
/// Inlinable, as without the type of its elements it takes several times as long.
@usableFromInline package struct Queue<Element> {
    /// In their order; nil in the places of those that were taken.
    @usableFromInline var elements: [Element?] = []
    /// The place of the oldest.
    @usableFromInline var head = 0

    @inlinable package init() {}

    @inlinable package var count: Int { elements.count - head }

    /// What is asked of the oldest; nil where there is none.
    @inlinable package func first<Value>(_ value: (Element) -> Value) -> Value? {
        head < elements.count ? elements[head].map(value) : nil
    }

    /// What is asked of the newest; nil where there is none.
    @inlinable package func last<Value>(_ value: (Element) -> Value) -> Value? {
        head < elements.count ? elements[elements.count - 1].map(value) : nil
    }

    @inlinable package mutating func append(_ element: consuming Element) { elements.append(element) }

    @inlinable package mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head].take()
        head += 1
        // Each is moved forward once for each that was taken before it, at most.
        if 2 * head >= elements.count, head >= 32 || head == elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Copies of all of them, in their order.
    @inlinable package var all: [Element] { elements[head...].compactMap(\.self) }

    /// The largest value of an element; nil where there are none.
    @inlinable package func max<Value: Comparable>(of value: (Element) -> Value) -> Value? {
        var largest: Value?
        for element in elements[head...] {
            guard let element, case let value = value(element) else { continue }
            largest = Swift.max(largest ?? value, value)
        }
        return largest
    }
}

extension Queue: Sendable where Element: Sendable {}
