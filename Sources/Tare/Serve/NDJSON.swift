import HTTPServer

/// JSON values, one a line.
enum NDJSON {
    static let mediaType = "application/x-ndjson"

    static func isAccepted(by request: HTTPRequest) -> Bool {
        request.header("Accept")?.contains("ndjson") ?? false
    }
}
