/// The values that a JSON object has under some names, read in one pass over its bytes: no tree is built and nothing is kept
/// of other members.
///
/// It reads what programs write. Whatever is not plain (an escape in a value that is looked for, an array in its place, a
/// name that is given twice, a broken text) it leaves to `JSONReader`, which alone says what is wrong with a text.
@usableFromInline package struct PlainRow: Sendable {
    @usableFromInline package struct Value: Sendable {
        @usableFromInline package enum Kind: Sendable { case missing, null, no, yes, integer, number, text, object }

        @usableFromInline package fileprivate(set) var kind = Kind.missing
        /// Of a number of either kind.
        @usableFromInline package fileprivate(set) var number = 0.0
        /// Where its text stands; that of a string without its quotation marks.
        @usableFromInline package fileprivate(set) var range = 0..<0

        package init() {}

        /// The value of either kind of number.
        @inline(__always) @inlinable package var double: Double? {
            switch kind {
            case .integer, .number: number
            default: nil
            }
        }

        @inline(__always) @inlinable package var isMissing: Bool { if case .missing = kind { true } else { false } }
        @inline(__always) @inlinable package var isText: Bool { if case .text = kind { true } else { false } }
    }

    private var shape: RowShape
    @usableFromInline private(set) var values: [Value]
    /// The one name under which an object may stand, and what is read of it.
    private var inner: (place: Int, rows: [PlainRow])?

    /// - Parameters:
    ///   - names: each once.
    ///   - object: the place of the name under which an object may stand, and the names that are looked for in that.
    package init(_ names: [String], object: (place: Int, names: [String])? = nil) {
        shape = RowShape(names)
        values = Array(repeating: Value(), count: names.count)
        inner = object.map { ($0.place, [PlainRow($0.names)]) }
    }

    /// Hands out what was read, in exchange for room of the same size; and what was read of the object in this one.
    package mutating func exchange(_ values: inout [Value], inner: inout [Value]) {
        swap(&self.values, &values)
        if self.inner != nil { swap(&self.inner!.rows[0].values, &inner) }
    }

    /// The value under a name, by the place of the name.
    package subscript(place: Int) -> Value {
        @inline(__always) @inlinable get { values[place] }
    }

    /// Reads the object that begins with a place.
    ///
    /// - Parameters:
    ///   - end: nothing is read from there on.
    ///   - depth: how many arrays and objects are around the object.
    /// - Returns: the place behind it; nil where it is not plain, and the values are then of no use.
    package mutating func read(_ bytes: [UInt8], from start: Int, upTo end: Int, depth: Int) -> Int? {
        Self.read(bytes, from: start, upTo: end, depth: depth, &shape, &values, &inner)
    }

    /// On parts of the row that are no longer one for the compiler, so that none is asked for each value whether others share it.
    private static func read(
        _ bytes: [UInt8], from start: Int, upTo end: Int, depth: Int, _ shape: inout RowShape, _ values: inout [Value],
        _ inner: inout (place: Int, rows: [PlainRow])?
    ) -> Int? {
        var values = values.mutableSpan
        for place in values.indices { values[place].kind = .missing }
        let text = bytes.span.extracting(..<end)
        var at = start
        guard take(UInt8(ascii: "{"), text, &at) else { return nil }
        skipSpace(text, &at)
        if take(UInt8(ascii: "}"), text, &at) { return at }
        var number = 0
        while true {
            guard take(UInt8(ascii: "\""), text, &at) else { return nil }
            switch shape.find(text, at: at, number: number) {
            case .unclear: return nil
            case .wanted(let place, let end):
                at = end
                guard takeColon(text, &at) else { return nil }
                if place == inner?.place, at < text.count, text[at] == UInt8(ascii: "{") {
                    guard let end = inner?.rows[0].read(bytes, from: at, upTo: text.count, depth: depth + 1) else {
                        return nil
                    }
                    (values[place].kind, values[place].range, at) = (.object, at..<end, end)
                } else {
                    guard let value = value(text, &at) else { return nil }
                    values[place] = value
                }
            case .other(let end):
                at = end
                guard takeColon(text, &at), skip(bytes, text, &at, depth: depth + 1) else { return nil }
            }
            number += 1
            skipSpace(text, &at)
            if take(UInt8(ascii: "}"), text, &at) { return at }
            guard take(UInt8(ascii: ","), text, &at) else { return nil }
            skipSpace(text, &at)
        }
    }
}

// MARK: - Values

extension PlainRow {
    /// Nil of what is not plain.
    @inline(__always)
    private static func value(_ text: Span<UInt8>, _ at: inout Int) -> Value? {
        guard at < text.count else { return nil }
        let start = at
        var value = Value()
        switch text[at] {
        case UInt8(ascii: "\""):
            guard let end = endOfText(text, from: start + 1) else { return nil }
            (value.kind, value.range, at) = (.text, start + 1..<end, end + 1)
        case UInt8(ascii: "n"):
            guard takeWord([0x6E, 0x75, 0x6C, 0x6C], text, &at) else { return nil }
            (value.kind, value.range) = (.null, start..<at)
        case UInt8(ascii: "t"):
            guard takeWord([0x74, 0x72, 0x75, 0x65], text, &at) else { return nil }
            (value.kind, value.range) = (.yes, start..<at)
        case UInt8(ascii: "f"):
            guard takeWord([0x66, 0x61, 0x6C, 0x73, 0x65], text, &at) else { return nil }
            (value.kind, value.range) = (.no, start..<at)
        default:
            guard let scanned = ScannedNumber(text, from: at), let number = finite(scanned, in: text, from: start)
            else { return nil }
            value.kind = scanned.integer == nil ? .number : .integer
            (value.number, value.range, at) = (number, start..<scanned.end, scanned.end)
        }
        return value
    }

    @inline(__always)
    private static func finite(_ scanned: ScannedNumber, in text: Span<UInt8>, from start: Int) -> Double? {
        if let value = scanned.value { return value }
        guard let digits = text.extracting(start..<scanned.end).text, let value = Double(digits), value.isFinite
        else { return nil }
        return value
    }

    /// The place of the closing quotation mark; nil where the text has an escape or is broken.
    @inline(__always)
    private static func endOfText(_ text: Span<UInt8>, from start: Int) -> Int? {
        var (at, all) = (start, UInt8(0))
        while at < text.count {
            let byte = text[at]
            if byte == UInt8(ascii: "\"") {
                let isText = all < 0x80 || (try? UTF8Span(validating: text.extracting(start..<at))) != nil
                return isText ? at : nil
            }
            if byte < 0x20 || byte == UInt8(ascii: "\\") { return nil }
            all |= byte
            at += 1
        }
        return nil
    }

    /// Passes over a value that nobody asked for; what is not plain of it is read as all JSON is, and let go of.
    private static func skip(_ bytes: [UInt8], _ text: Span<UInt8>, _ at: inout Int, depth: Int) -> Bool {
        if value(text, &at) != nil { return true }
        var reader = JSONReader(bytes: bytes, range: at..<text.count, repeatedNames: .refused)
        guard (try? reader.value(depth: depth)) != nil else { return false }
        at = reader.at
        return true
    }
}

// MARK: - Bytes

extension PlainRow {
    /// The place behind a character and the space around it; nil where something else stands there.
    @inline(__always)
    static func behind(_ character: Unicode.Scalar, in bytes: [UInt8], _ range: Range<Int>) -> Int? {
        let text = bytes.span.extracting(..<range.upperBound)
        var at = range.lowerBound
        skipSpace(text, &at)
        guard take(UInt8(truncatingIfNeeded: character.value), text, &at) else { return nil }
        skipSpace(text, &at)
        return at
    }

    @inline(__always)
    private static func take(_ byte: UInt8, _ text: Span<UInt8>, _ at: inout Int) -> Bool {
        guard at < text.count, text[at] == byte else { return false }
        at += 1
        return true
    }

    @inline(__always)
    private static func takeColon(_ text: Span<UInt8>, _ at: inout Int) -> Bool {
        skipSpace(text, &at)
        guard take(UInt8(ascii: ":"), text, &at) else { return false }
        skipSpace(text, &at)
        return true
    }

    @inline(__always)
    private static func takeWord<let count: Int>(
        _ word: InlineArray<count, UInt8>, _ text: Span<UInt8>, _ at: inout Int
    ) -> Bool {
        guard at + count <= text.count else { return false }
        for index in word.indices where text[at + index] != word[index] { return false }
        at += count
        return true
    }

    @inline(__always)
    private static func skipSpace(_ text: Span<UInt8>, _ at: inout Int) {
        while at < text.count, case let byte = text[at], byte <= 0x20,
            byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
        { at += 1 }
    }
}
