/// The elements of an array in a text, read one after the other, so that no more than one is held.
package struct JSONElements {
    private var reader: JSONReader
    private let bytesMax: Int
    private var isFirst = true
    private var isEnded = false

    /// - Parameters:
    ///   - bytes: nothing but one array.
    ///   - bytesMax: of the text of one element; it bounds the memory that an element takes, which is many times its text.
    package init(of bytes: [UInt8], elementBytesMax bytesMax: Int) {
        reader = JSONReader(bytes: bytes, repeatedNames: .refused)
        self.bytesMax = bytesMax
    }

    /// - Parameter region: of one array.
    package init(of region: JSONRegion, elementBytesMax bytesMax: Int) {
        reader = region.reader
        self.bytesMax = bytesMax
    }

    /// Nil behind the last element, once it is sure that nothing follows the array.
    package mutating func next() throws(JSONError) -> JSON? {
        guard try begin() else { return nil }
        return try reader.element(bytesMax: bytesMax)
    }

    /// Where the next element stands if it is a plain row, whose values are in `row` then: nothing is built.
    /// - Returns: nil of whatever else comes, which `next` gives.
    package mutating func nextPlain(_ row: inout PlainRow) -> Range<Int>? {
        guard !isEnded, let start = PlainRow.behind(isFirst ? "[" : ",", in: reader.bytes, reader.at..<reader.limit),
            let end = row.read(reader.bytes, from: start, upTo: min(reader.limit, start + bytesMax), depth: 1)
        else { return nil }
        isFirst = false
        reader.at = end
        return start..<end
    }

    /// Goes to where the next element begins.
    /// - Returns: false where there is none.
    private mutating func begin() throws(JSONError) -> Bool {
        guard !isEnded else { return false }
        isEnded = try !(isFirst ? reader.beginArray() : reader.beginNext())
        isFirst = false
        return !isEnded
    }
}

extension JSONReader {
    /// Of an array that is the whole document, goes to its first element.
    /// - Returns: false where it has none, once it is sure that nothing follows.
    fileprivate mutating func beginArray() throws(JSONError) -> Bool {
        skipSpace()
        guard take("[") else { throw fault("an array expected, found \(shown)") }
        skipSpace()
        guard take("]") else { return true }
        try expectEnd()
        return false
    }

    /// The same behind an element.
    fileprivate mutating func beginNext() throws(JSONError) -> Bool {
        skipSpace()
        if take("]") {
            try expectEnd()
            return false
        }
        guard take(",") else { throw fault("',' or ']' expected, found \(shown)") }
        skipSpace()
        return true
    }

    /// Where an element that begins here must end.
    fileprivate func end(within bytesMax: Int) -> Int { min(limit, at + bytesMax) }

    fileprivate mutating func element(bytesMax: Int) throws(JSONError) -> JSON {
        let start = at
        end = end(within: bytesMax)
        defer { end = limit }
        do {
            return try value(depth: 1)
        } catch {
            // It may only seem to break off.
            guard at >= end, end < limit else { throw error }
            throw JSONError(problem: "a value of more than \(bytesMax) bytes", offset: start)
        }
    }
}
