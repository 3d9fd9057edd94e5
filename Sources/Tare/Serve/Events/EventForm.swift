import Documents
import HTTPServer
import Program

/// How events are written.
enum EventForm: CaseIterable {
    /// `text/event-stream`, as browsers read it.
    case serverSent
    /// A JSON object a line.
    case lines

    var mediaType: String { self == .serverSent ? "text/event-stream" : NDJSON.mediaType }

    /// - Throws: where `format` names another form.
    init(_ request: HTTPRequest) throws(Problem) {
        switch try request.query.single("format") {
        case nil: self = NDJSON.isAccepted(by: request) ? .lines : .serverSent
        case "ndjson": self = .lines
        case "sse": self = .serverSent
        case .some(let given):
            throw Problem(400, parameter: "format", given: .string(given), accepted: "sse or ndjson")
        }
    }

    /// - Parameter document: a JSON object, in one line.
    func bytes(_ id: EventID, _ type: String, _ document: some Collection<UInt8>) -> [UInt8] {
        switch self {
        case .serverSent:
            return Array("id: \(id)\nevent: \(type)\ndata: ".utf8) + document + Array("\n\n".utf8)
        case .lines:
            return Array("{\"id\":\"\(id)\",".utf8) + document.dropFirst() + Array("\n".utf8)
        }
    }

    /// Comes first: how soon a client is to ask again where the connection breaks, in milliseconds.
    var opening: [UInt8] { self == .serverSent ? Array("retry: 1000\n\n".utf8) : [] }

    /// Shows both sides that the connection lives.
    var heartbeat: [UInt8] {
        Array((self == .serverSent ? ": still here\n\n" : "{\"type\":\"heartbeat\"}\n").utf8)
    }
}
