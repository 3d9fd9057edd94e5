import Documents
import HTTPServer
import Program

/// The rows of a body: one JSON object, an array of rows, or one JSON value a line (NDJSON).
///
/// They are read one after the other and not held together: of a few bytes each, they would need many times the body.
struct RowsBody {
    enum Form { case one, array, lines }

    let form: Form
    let bytes: [UInt8]
    /// Where it is one, and no plain one.
    private let document: JSON?
    /// Where the only row stands, if that is a plain one.
    private let plainRow: Range<Int>?

    /// How many bad rows of a request are told with what is wrong with them.
    static let problemsMax = 100
    /// The longest text of a row, in bytes: a value takes many times its text.
    static let rowBytesMax = 64 * 1024

    /// The form is told from the text, because sinks send JSON as `text/plain` and NDJSON as anything.
    /// - Parameter row: what its rows are to be read into. Where there is only one, which is plain, that is done here.
    init(_ request: HTTPRequest, into row: inout PlainRow) throws(Problem) {
        try request.requirePlainBody()
        bytes = request.body
        guard let first = bytes.first(where: { !$0.isSpace && $0 != 0x0A }) else {
            throw Problem(
                400, "the body is empty; accepted are a JSON object, an array of objects, or an object a line")
        }
        if first == UInt8(ascii: "[") {
            (form, document, plainRow) = (.array, nil, nil)
            return
        }
        if let range = Self.plainRow(of: bytes, in: bytes.indices, into: &row) {
            (form, document, plainRow) = (.one, nil, range)
            return
        }
        plainRow = nil
        do throws(JSONError) {
            (form, document) = (.one, try Self.row(bytes[...]))
        } catch {
            // Several lines of which one is an object: a row each, and a broken one does not spoil the others.
            guard Self.isObjectALine(bytes) else { throw Problem(400, "the body is not JSON: \(error)") }
            (form, document) = (.lines, nil)
        }
    }

    /// - Throws: where the text is none that rows can be read from to its end.
    /// - Parameter row: what the rows of an array are read into meanwhile.
    func check(by row: inout PlainRow) throws(Problem) {
        guard form == .array else { return }
        var rows = rows
        while true {
            guard rows.nextPlain(&row) == nil else { continue }
            guard try rows.next() != nil else { return }
        }
    }

    var rows: Rows { Rows(self) }

    /// The rows, one after the other, or what is wrong with the text of each.
    struct Rows {
        private let bytes: [UInt8]
        private let form: Form
        // Not an enum's: a value would be taken out of it and put back for each row.
        private var document: JSON?
        private var only: Range<Int>?
        private var elements: JSONElements
        private var lines = Lines()

        fileprivate init(_ body: RowsBody) {
            bytes = body.bytes
            form = body.form
            (document, only) = (body.document, body.plainRow)
            elements = JSONElements(of: body.bytes, elementBytesMax: RowsBody.rowBytesMax)
        }

        /// Nil behind the last.
        /// - Throws: where an array is no JSON; rows before the place may have been given then.
        mutating func next() throws(Problem) -> Result<JSON, Problem>? {
            switch form {
            case .one:
                try only.take().flatMap { place throws(Problem) in try next(at: place) }
                    ?? document.take().map { .success($0) }
            case .array: try RowsBody.parsing { () throws(JSONError) in try elements.next() }.map { .success($0) }
            case .lines: lines.next(in: bytes).map { Self.row(bytes[$0]) }
            }
        }

        /// Where the next row stands if it is a plain one, whose values are in `row` then: nothing is built.
        /// - Parameter row: the one that the body was read into.
        /// - Returns: nil of whatever else comes, which `next` gives.
        mutating func nextPlain(_ row: inout PlainRow) -> Range<Int>? {
            switch form {
            case .one: return only.take()
            case .array: return elements.nextPlain(&row)
            case .lines:
                let start = lines
                if let line = lines.next(in: bytes), let range = RowsBody.plainRow(of: bytes, in: line, into: &row) {
                    return range
                }
                lines = start
                return nil
            }
        }

        /// As a tree, the row that `nextPlain` has just been asked for.
        /// - Parameter place: where it stands; nil where it is no plain one, and still to come.
        mutating func next(at place: Range<Int>?) throws(Problem) -> Result<JSON, Problem>? {
            guard let place else { return try next() }
            do throws(Problem) {
                return .success(try RowsBody.parsing { () throws(JSONError) in try JSON(parsing: bytes[place]) })
            } catch {
                return .failure(error)
            }
        }

        private static func row(_ line: ArraySlice<UInt8>) -> Result<JSON, Problem> {
            do throws(JSONError) {
                return .success(try RowsBody.row(line))
            } catch {
                return .failure(Problem(400, "the line is not JSON: \(error)"))
            }
        }
    }

    /// Where a line, or a whole text, holds a plain row and nothing else.
    private static func plainRow(of bytes: [UInt8], in line: Range<Int>, into row: inout PlainRow) -> Range<Int>? {
        let (end, text) = (min(line.upperBound, line.lowerBound + rowBytesMax), bytes.span)
        var start = line.lowerBound
        while start < end, text[start].isSpace { start += 1 }
        guard let behind = row.read(bytes, from: start, upTo: end, depth: 0) else { return nil }
        for place in behind..<line.upperBound where !text[place].isSpace && text[place] != 0x0A { return nil }
        return start..<behind
    }

    private static func parsing<Value>(_ parse: () throws(JSONError) -> Value) throws(Problem) -> Value {
        do throws(JSONError) { return try parse() } catch { throw Problem(400, "the body is not JSON: \(error)") }
    }

    private static func isObjectALine(_ bytes: [UInt8]) -> Bool {
        var (lines, count, isFound) = (Lines(), 0, false)
        while count < 2 || !isFound, let line = lines.next(in: bytes) {
            count += 1
            isFound = isFound || (try? row(bytes[line]))?.members != nil
        }
        return count > 1 && isFound
    }

    private static func row(_ text: ArraySlice<UInt8>) throws(JSONError) -> JSON {
        // What lies behind the longest row is not looked at, so that a text of many lines is not read to its end.
        let (beginning, rest) = (text.prefix(rowBytesMax), text.dropFirst(rowBytesMax))
        let value: JSON
        do throws(JSONError) {
            value = try JSON(parsing: beginning)
        } catch {
            guard !rest.isEmpty, error.offset >= beginning.count else { throw error }
            throw JSONError(problem: "a value of more than \(rowBytesMax) bytes", offset: 0)
        }
        guard rest.allSatisfy({ $0.isSpace || $0 == 0x0A }) else {
            throw JSONError(problem: "more than one value", offset: beginning.count)
        }
        return value
    }

    /// The lines of a text that are not empty.
    private struct Lines {
        private var at = 0

        mutating func next(in bytes: [UInt8]) -> Range<Int>? {
            let text = bytes.span
            while at < text.count {
                let start = at
                while at < text.count, text[at].isSpace { at += 1 }
                let isEmpty = at == text.count || text[at] == 0x0A
                while at < text.count, text[at] != 0x0A { at += 1 }
                defer { at += 1 }
                if !isEmpty { return start..<at }
            }
            return nil
        }
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
}

extension HTTPRequest {
    /// - Throws: where the body is compressed.
    func requirePlainBody() throws(Problem) {
        if let encoding = header("Content-Encoding"), encoding.lowercased() != "identity" {
            throw Problem(
                415, "Content-Encoding '\(encoding.shortened())' is not accepted; send the body as it is")
        }
    }
}
