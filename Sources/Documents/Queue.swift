/// First in, first out; both ends take the same short time on average, and what is taken is moved out and not copied.
/// Inlinable, as without the type of its elements it takes several times as long.
@usableFromInline package struct Queue<Element> {
    /// The oldest in reverse; filled anew from `back` when it is used up.
    @usableFromInline var front: [Element] = []
    @usableFromInline var back: [Element] = []

    @inlinable package init() {}

    @inlinable package var count: Int { front.count + back.count }

    /// What is asked of the oldest; nil where there is none.
    @inlinable package func first<Value>(_ value: (Element) -> Value) -> Value? {
        if !front.isEmpty { return value(front[front.count - 1]) }
        return back.isEmpty ? nil : value(back[0])
    }

    @inlinable package mutating func append(_ element: consuming Element) { back.append(element) }

    @inlinable package mutating func popFirst() -> Element? {
        if front.isEmpty {
            // Its room is used again.
            swap(&front, &back)
            front.reverse()
        }
        return front.popLast()
    }

    /// The largest value of an element; nil where there are none.
    @inlinable package func max<Value: Comparable>(of value: (Element) -> Value) -> Value? {
        [front, back].compactMap { $0.lazy.map(value).max() }.max()
    }
}

extension Queue: Sendable where Element: Sendable {}
