package import Documents
package import HTTPServer

/// An answer that says what was wrong: a problem document of RFC 9457.
package struct Problem: Error, Equatable {
    package let status: Int
    package let detail: String
    /// Extension members, after the standard ones.
    package var members: [JSON.Member] = []
    package var headers: [HTTPField] = []

    package init(_ status: Int, _ detail: String, members: [JSON.Member] = [], headers: [HTTPField] = []) {
        self.status = status
        self.detail = detail
        self.members = members
        self.headers = headers
    }

    /// What was wrong with one parameter or field.
    /// - Parameter given: nil where it is missing.
    package init(_ status: Int, parameter: String, given: JSON?, accepted: String) {
        let shown = given.map { "given \($0.compact.shortened())" } ?? "it is missing"
        self.init(
            status, "\(parameter) must be \(accepted); \(shown)",
            members: [
                JSON.Member("parameter", .string(parameter)),
                JSON.Member("given", given?.shortened ?? .null),
                JSON.Member("accepted", .string(accepted)),
            ])
    }

    /// From so many bytes on what was given is not repeated whole.
    fileprivate static let givenBytesMax = 1000

    package var document: JSON {
        .object(
            [
                JSON.Member("type", "about:blank"),
                JSON.Member("title", .string(Self.title(status))),
                JSON.Member("status", .integer(Int64(status))),
                JSON.Member("detail", .string(detail)),
            ] + members)
    }

    package static let mediaType = "application/problem+json"

    package var response: HTTPResponse {
        HTTPResponse(
            status: status, headers: [HTTPField("Content-Type", Self.mediaType)] + headers,
            body: document.bytes)
    }

    private static func title(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: "Error"
        }
    }
}

extension JSON {
    /// Itself, or the beginning of its text where that is long.
    fileprivate var shortened: JSON {
        let text = text ?? compact
        return text.utf8.count <= Problem.givenBytesMax ? self : .string(text.shortened())
    }
}
