import HTTPServer
import ModelService

/// Follows requests to their answers: counts them, gives a name to those that need one, and writes the access log.
///
/// A prediction that goes well, from a caller that gave no name, has none: nobody would look for it.
struct RequestTrail: Sendable {
    let metrics: RequestMetrics
    /// Nil where it is switched off.
    let access: AccessLog?
    /// By the numbers of the routes.
    let paths: [String]

    /// The reply is handed on and not copied, which would count the references of its parts.
    /// - Parameters:
    ///   - route: its number; nil where none takes the request.
    ///   - start: when the request was complete, by `MonotonicClock`.
    func follow(
        _ reply: consuming HTTPReply, to request: HTTPRequest, route: Int?, since start: UInt64
    ) -> HTTPReply {
        let given = RequestID.given(in: request)
        switch consume reply {
        case .now(let response):
            metrics.note(response.status, of: route, since: start)
            guard response.status >= 400 || given != nil || access != nil else { return .now(response) }
            return .now(named(response, mark(of: request, given, route: route), since: start))
        case .later(let work):
            let mark = mark(of: request, given, route: route)
            return .later { [self] responder in
                RequestContext.$id.withValue(mark.id) {
                    work(TrailResponder(responder: responder, trail: self, mark: mark, route: route, start: start))
                }
            }
        case .stream(let head, let work):
            // A stream counts as answered with its head, as it has no end.
            metrics.note(head.status, of: route, since: start)
            guard given != nil || access != nil else { return .stream(head, work) }
            return .stream(named(head, mark(of: request, given, route: route), since: start), work)
        }
    }

    fileprivate struct Mark: Sendable {
        let id: String
        /// Whether the caller gave a name, and so expects one.
        let isGiven: Bool
        let entry: AccessLog.Entry?
    }

    private func mark(of request: HTTPRequest, _ given: String?, route: Int?) -> Mark {
        Mark(
            id: given ?? RequestID.made(), isGiven: given != nil,
            entry: access?.entry(request, route: route.map { paths[$0] }))
    }

    fileprivate func named(_ response: consuming HTTPResponse, _ mark: Mark, since start: UInt64) -> HTTPResponse {
        if mark.isGiven || response.status >= 400 { response.name(mark.id) }
        if let access, let entry = mark.entry {
            access.note(
                entry, answered: response, id: mark.id, nanoseconds: MonotonicClock.nanoseconds &- start)
        }
        return response
    }
}

/// Each request is answered once: see `Deadlines`.
private struct TrailResponder: HTTPResponder {
    let responder: any HTTPResponder
    let trail: RequestTrail
    let mark: RequestTrail.Mark
    let route: Int?
    let start: UInt64

    func respond(_ response: HTTPResponse) {
        trail.metrics.note(response.status, of: route, since: start)
        responder.respond(trail.named(response, mark, since: start))
    }
}
