/// The names of rows' members in their order, and what was found out of each. Rows mostly have the same names in the same
/// order as one before them, so that each name is compared with one name and is then known. It is a tree, so that this holds
/// where rows of several kinds take turns as well.
struct RowShape {
    /// An object of more members is none that programs write as a row.
    private static let membersMax = 64
    /// Beyond these it begins anew with the next row: of such rows no order comes again.
    private static let nodesMax = 512
    private static let nameBytesMax = 1 << 15

    private struct Node {
        /// Of `names`.
        let name: Range<Int>
        /// Among the names that are looked for; nil of a name that nobody asked for.
        let place: Int?
        /// The member before it, and another that stood in its own place; -1 where there is none.
        let (parent, sibling): (Int, Int)
        /// The one that was learnt last of those that stood behind it; -1 where there is none.
        var child = -1
    }

    /// Those that are looked for.
    private let wanted: [[UInt8]]
    /// One after the other.
    private var names: [UInt8] = []
    /// A member comes after those before it.
    private var nodes: [Node] = []
    /// The first member that was learnt last, and the member that was found last; -1 where there is none.
    private var (root, current) = (-1, -1)

    /// - Parameter wanted: no two are the same.
    init(_ wanted: [String]) { self.wanted = wanted.map { Array($0.utf8) } }

    enum Found {
        /// Where what was looked for stands, and the place behind the closing quotation mark.
        case wanted(Int, end: Int)
        case other(end: Int)
        /// A name with an escape, one that the object has already, or whatever else needs a closer look.
        case unclear
    }

    /// Finds the name that begins behind a quotation mark.
    ///
    /// - Parameter number: of the member in the object; it was asked for those before it.
    mutating func find(_ text: Span<UInt8>, at start: Int, number: Int) -> Found {
        if number == 0 { begin() }
        var node = current < 0 ? root : nodes[current].child
        while node >= 0 {
            let (name, place) = (nodes[node].name, nodes[node].place)
            let end = start + name.count
            if end < text.count, text[end] == UInt8(ascii: "\""),
                names.span.extracting(name).isEqual(to: text.extracting(start..<end))
            {
                current = node
                return place.map { .wanted($0, end: end + 1) } ?? .other(end: end + 1)
            }
            node = nodes[node].sibling
        }
        return number < Self.membersMax ? learn(text, at: start) : .unclear
    }

    private mutating func begin() {
        current = -1
        guard nodes.count >= Self.nodesMax || names.count >= Self.nameBytesMax else { return }
        names.removeAll()
        nodes.removeAll()
        root = -1
    }

    private mutating func learn(_ text: Span<UInt8>, at start: Int) -> Found {
        var (end, isASCII) = (start, true)
        while end < text.count, text[end] != UInt8(ascii: "\"") {
            if text[end] < 0x20 || text[end] == UInt8(ascii: "\\") { return .unclear }
            isASCII = isASCII && text[end] < 0x80
            end += 1
        }
        guard end < text.count else { return .unclear }
        let name = text.extracting(start..<end)
        let place = wanted.firstIndex { $0.span.isEqual(to: name) }
        // Two names of which one is written otherwise, such as é in one character or in two, are one in Unicode.
        guard isASCII || place != nil, !isInObject(name) else { return .unclear }
        let first = names.count
        for index in name.indices { names.append(name[index]) }
        let sibling = current < 0 ? root : nodes[current].child
        nodes.append(Node(name: first..<names.count, place: place, parent: current, sibling: sibling))
        if current < 0 { root = nodes.count - 1 } else { nodes[current].child = nodes.count - 1 }
        current = nodes.count - 1
        return place.map { .wanted($0, end: end + 1) } ?? .other(end: end + 1)
    }

    /// Whether a member before this one has the name.
    private func isInObject(_ name: Span<UInt8>) -> Bool {
        var node = current
        while node >= 0 {
            if names.span.extracting(nodes[node].name).isEqual(to: name) { return true }
            node = nodes[node].parent
        }
        return false
    }
}
