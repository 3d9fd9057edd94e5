/// The names of a row's members in their order, and what was found out of each. The rows of a body mostly have the same
/// names in the same order, so that each is compared with one name and is then known.
struct RowShape {
    /// An object of more members is none that programs write as a row.
    private static let membersMax = 64

    private struct Member {
        /// Of `names`.
        let range: Range<Int>
        /// Among the names that are looked for; nil of a name that nobody asked for.
        let place: Int?
    }

    /// Those that are looked for.
    private let wanted: [[UInt8]]
    /// One after the other.
    private var names: [UInt8] = []
    private var members: [Member] = []

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
        if number < members.count {
            let member = members[number]
            let end = start + member.range.count
            if end < text.count, text[end] == UInt8(ascii: "\""),
                isEqual(names.span.extracting(member.range), text.extracting(start..<end))
            {
                return member.place.map { .wanted($0, end: end + 1) } ?? .other(end: end + 1)
            }
            forget(from: number)
        }
        return learn(text, at: start)
    }

    private mutating func forget(from number: Int) {
        names.removeLast(names.count - members[number].range.lowerBound)
        members.removeLast(members.count - number)
    }

    private mutating func learn(_ text: Span<UInt8>, at start: Int) -> Found {
        var (end, isASCII) = (start, true)
        while end < text.count, text[end] != UInt8(ascii: "\"") {
            if text[end] < 0x20 || text[end] == UInt8(ascii: "\\") { return .unclear }
            isASCII = isASCII && text[end] < 0x80
            end += 1
        }
        guard end < text.count, members.count < Self.membersMax else { return .unclear }
        let name = text.extracting(start..<end)
        let place = wanted.firstIndex { isEqual($0.span, name) }
        // Two names of which one is written otherwise, such as é in one character or in two, are one in Unicode.
        guard isASCII || place != nil,
            !members.contains(where: { isEqual(names.span.extracting($0.range), name) })
        else { return .unclear }
        let first = names.count
        for index in name.indices { names.append(name[index]) }
        members.append(Member(range: first..<names.count, place: place))
        return place.map { .wanted($0, end: end + 1) } ?? .other(end: end + 1)
    }

    @inline(__always)
    private func isEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        for index in one.indices where one[index] != other[index] { return false }
        return true
    }
}
