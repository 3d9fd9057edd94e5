import Documents
import HTTPServer

/// The rows of a body: one JSON object, an array of rows, or one JSON value a line (NDJSON).
struct RowsBody {
    enum Form { case one, array, lines }

    let form: Form
    /// Each row, or what is wrong with its text.
    let rows: [Result<JSON, Problem>]

    /// The form is told from the text, because sinks send JSON as `text/plain` and NDJSON as anything.
    init(_ request: HTTPRequest) throws(Problem) {
        if let encoding = request.header("Content-Encoding"), encoding.lowercased() != "identity" {
            throw Problem(415, "Content-Encoding '\(encoding)' is not accepted; send the body as it is")
        }
        let lines = request.body.split(separator: 0x0A).filter { !$0.allSatisfy(\.isSpace) }
        guard let first = lines.first else {
            throw Problem(
                400, "the body is empty; accepted are a JSON object, an array of objects, or an object a line")
        }
        do throws(JSONError) {
            let document = try JSON(parsing: request.body)
            form = document.elements == nil ? .one : .array
            rows = (document.elements ?? [document]).map { .success($0) }
        } catch {
            // Several lines of which the first is whole: a row each, and a broken one does not spoil the others.
            guard lines.count > 1, (try? JSON(parsing: first)) != nil else {
                throw Problem(400, "the body is not JSON: \(error)")
            }
            form = .lines
            rows = lines.map(Self.row)
        }
    }

    private static func row(_ line: ArraySlice<UInt8>) -> Result<JSON, Problem> {
        do throws(JSONError) {
            return .success(try JSON(parsing: line))
        } catch {
            return .failure(Problem(400, "the line is not JSON: \(error)"))
        }
    }

    /// Answers each row in its place, in the form in which the rows came.
    func response(_ answer: (JSON) throws(Problem) -> JSON) -> HTTPResponse {
        var problem: Problem?
        var answers: [JSON] = []
        for row in rows {
            do throws(Problem) {
                answers.append(try answer(try row.get()))
            } catch {
                problem = error
                answers.append(error.document)
            }
        }
        switch form {
        case .one:
            return problem?.response ?? .json(200, answers[0])
        case .array:
            return .json(200, .array(answers))
        case .lines:
            let body = answers.reduce(into: [UInt8]()) { $0 += $1.bytes + [0x0A] }
            return HTTPResponse(
                status: 200, headers: [HTTPField("Content-Type", "application/x-ndjson")], body: body)
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
