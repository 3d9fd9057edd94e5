import HTTPServer

/// A file that is compiled in, and what a browser is told of it.
struct StaticFile {
    let path: String
    let type: String
    let bytes: [UInt8]

    static let html = "text/html; charset=utf-8"
    static let script = "text/javascript; charset=utf-8"
    static let style = "text/css; charset=utf-8"

    init(_ path: String, _ type: String, _ bytes: [UInt8]) {
        self.path = path
        self.type = type
        self.bytes = bytes
    }

    /// Open to all, as it tells nothing of what is served.
    /// - Parameter policy: what the file may load, as Content-Security-Policy says it. No other site may show it in a frame.
    func route(policy: String) -> Routes.Route {
        let response = response(policy: policy)
        return Routes.Route(method: "GET", path: path, role: nil) { _ in .now(response) }
    }

    func response(policy: String) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                HTTPField("Content-Type", type), HTTPField("X-Content-Type-Options", "nosniff"),
                HTTPField(
                    "Content-Security-Policy", "\(policy); base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
                HTTPField("X-Frame-Options", "DENY"), HTTPField("Referrer-Policy", "no-referrer"),
                // Another version of the program may come under the same address.
                HTTPField("Cache-Control", "no-cache"),
            ], body: bytes, isShared: true)
    }
}
