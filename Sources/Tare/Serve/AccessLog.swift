import HTTPServer
import Logging
import Program

/// A line for each request: who asked for what, and how it was answered. Neither the query, nor a body, nor a token's secret.
struct AccessLog: Sendable {
    /// What is known of a request before it is answered.
    struct Entry: Sendable {
        fileprivate var method: String?
        fileprivate var path: String?
        fileprivate var client: String?
        fileprivate var route: String?
        fileprivate var token: AccessToken?
    }

    private let log: Logger
    private let token: @Sendable (HTTPRequest) -> AccessToken?

    /// - Parameter token: the one that a request shows, if it is one of this server's.
    init(_ log: Logger, token: @escaping @Sendable (HTTPRequest) -> AccessToken?) {
        self.log = log
        self.token = token
    }

    /// - Parameters:
    ///   - request: nil where it was not read so far.
    ///   - route: its path as in openapi.yaml; nil where no route takes the request.
    func entry(_ request: HTTPRequest?, route: String?) -> Entry {
        guard let request else { return Entry() }
        return Entry(
            method: request.method.shortened(), path: request.path.shortened(to: 200),
            client: request.client.description, route: route, token: token(request))
    }

    /// What was refused before a route saw it.
    func noteRefusal(of request: HTTPRequest?, route: String?, _ response: HTTPResponse, id: String) {
        note(entry(request, route: route), answered: response, id: id, nanoseconds: nil)
    }

    /// - Parameter nanoseconds: from the request's being complete to its answer's being ready; nil where it was refused before.
    func note(_ entry: Entry, answered response: HTTPResponse, id: String, nanoseconds: UInt64?) {
        var fields: Logger.Metadata = [
            "status": .stringConvertible(response.status), "bytes": .stringConvertible(response.body.count),
            "\(LineLogHandler.requestField)": "\(id)",
        ]
        func add(_ name: String, _ value: String?) { if let value { fields[name] = "\(value)" } }
        add("method", entry.method)
        add("path", entry.path)
        add("client", entry.client)
        add("route", entry.route)
        add("role", entry.token?.role.rawValue)
        add("token", entry.token?.name)
        if let nanoseconds { fields["microseconds"] = .stringConvertible(Int(nanoseconds / 1000)) }
        log.info("request", metadata: fields)
    }
}
