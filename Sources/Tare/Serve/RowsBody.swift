import Documents
import HTTPServer

/// The rows of a body: one JSON object, an array of rows, or one JSON value a line (NDJSON).
///
/// They are read one after the other and not held together: of a few bytes each, they would need many times the body.
struct RowsBody {
    enum Form { case one, array, lines }

    let form: Form
    private let bytes: [UInt8]
    /// Where it is one.
    private let document: JSON

    /// How many bad rows of a request are told with what is wrong with them.
    static let problemsMax = 100

    /// The form is told from the text, because sinks send JSON as `text/plain` and NDJSON as anything.
    init(_ request: HTTPRequest) throws(Problem) {
        if let encoding = request.header("Content-Encoding"), encoding.lowercased() != "identity" {
            throw Problem(415, "Content-Encoding '\(encoding)' is not accepted; send the body as it is")
        }
        bytes = request.body
        guard let first = bytes.first(where: { !$0.isSpace && $0 != 0x0A }) else {
            throw Problem(
                400, "the body is empty; accepted are a JSON object, an array of objects, or an object a line")
        }
        if first == UInt8(ascii: "[") {
            (form, document) = (.array, .null)
            return
        }
        do throws(JSONError) {
            (form, document) = (.one, try JSON(parsing: bytes))
        } catch {
            // Several lines of which one is an object: a row each, and a broken one does not spoil the others.
            guard Self.isObjectALine(bytes) else { throw Problem(400, "the body is not JSON: \(error)") }
            (form, document) = (.lines, .null)
        }
    }

    /// Calls `body` with each row, or with what is wrong with its text.
    /// - Throws: where an array is no JSON; rows before the place may have been given then.
    func forEach(_ body: (Result<JSON, Problem>) throws(Problem) -> Void) throws(Problem) {
        switch form {
        case .one: try body(.success(document))
        case .array: try forEachElement(body)
        case .lines:
            var lines = Lines(of: bytes)
            while let line = lines.next() { try body(Self.row(line)) }
        }
    }

    private func forEachElement(_ body: (Result<JSON, Problem>) throws(Problem) -> Void) throws(Problem) {
        var elements = JSONElements(of: bytes)
        while true {
            let element: JSON?
            do throws(JSONError) {
                element = try elements.next()
            } catch {
                throw Problem(400, "the body is not JSON: \(error)")
            }
            guard let element else { return }
            try body(.success(element))
        }
    }

    private static func isObjectALine(_ bytes: [UInt8]) -> Bool {
        var lines = Lines(of: bytes)
        var (count, isFound) = (0, false)
        while count < 2 || !isFound, let line = lines.next() {
            count += 1
            isFound = isFound || (try? JSON(parsing: line))?.members != nil
        }
        return count > 1 && isFound
    }

    private static func row(_ line: ArraySlice<UInt8>) -> Result<JSON, Problem> {
        do throws(JSONError) {
            return .success(try JSON(parsing: line))
        } catch {
            return .failure(Problem(400, "the line is not JSON: \(error)"))
        }
    }

    /// The lines of a text that are not empty.
    private struct Lines {
        private var rest: ArraySlice<UInt8>

        init(of bytes: [UInt8]) { rest = bytes[...] }

        mutating func next() -> ArraySlice<UInt8>? {
            while !rest.isEmpty {
                let line = rest.prefix { $0 != 0x0A }
                rest = rest.dropFirst(line.count + 1)
                if !line.allSatisfy(\.isSpace) { return line }
            }
            return nil
        }
    }
}

// MARK: - Answers in the form of the rows

extension RowsBody {
    /// Answers each row in its place. Beyond so many bad ones, null stands in the place of each further.
    func response(_ answer: (JSON) throws(Problem) -> JSON) throws(Problem) -> HTTPResponse {
        var answers = Answers(form: form)
        try forEach { row throws(Problem) in
            do throws(Problem) {
                answers.append(try answer(try row.get()))
            } catch {
                guard form != .one else { throw error }
                answers.append(error)
            }
        }
        return answers.response
    }

    private struct Answers {
        let form: Form
        private var body: [UInt8] = []
        private var problemCount = 0

        init(form: Form) { self.form = form }

        mutating func append(_ problem: Problem) {
            problemCount += 1
            append(problemCount <= RowsBody.problemsMax ? problem.document : .null)
        }

        mutating func append(_ answer: JSON) {
            if form == .array { body.append(UInt8(ascii: body.isEmpty ? "[" : ",")) }
            body += answer.bytes
            if form == .lines { body.append(0x0A) }
        }

        var response: HTTPResponse {
            let type = form == .lines ? "application/x-ndjson" : "application/json"
            let text = form == .array ? (body.isEmpty ? [UInt8(ascii: "[")] : body) + [UInt8(ascii: "]")] : body
            return HTTPResponse(status: 200, headers: [HTTPField("Content-Type", type)], body: text)
        }
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
}

extension HTTPResponse {
    static func json(_ status: Int, _ document: JSON) -> HTTPResponse {
        HTTPResponse(status: status, headers: [HTTPField("Content-Type", "application/json")], body: document.bytes)
    }
}
