import Documents
import HTTPServer
import Program

/// `GET /events`: what happens, as it happens.
struct EventsRoute {
    let feed: EventFeed

    func get(_ request: HTTPRequest) -> HTTPReply {
        do throws(Problem) {
            let form = try EventForm(request)
            let seen = try Self.lastSeen(request)
            let head = HTTPResponse(
                status: 200,
                headers: [
                    HTTPField("Content-Type", form.mediaType), HTTPField("Cache-Control", "no-store"),
                    // nginx would keep events back until it has some kilobytes of them.
                    HTTPField("X-Accel-Buffering", "no"),
                ])
            return .stream(head) { feed.open($0, as: form, after: seen) }
        } catch {
            return .now(error.response)
        }
    }

    private static func lastSeen(_ request: HTTPRequest) throws(Problem) -> EventID? {
        guard let given = request.header("Last-Event-ID"), !given.isEmpty else { return nil }
        guard let id = EventID(given) else {
            throw Problem(
                400, parameter: "Last-Event-ID", given: .string(given),
                accepted: "the id of an event of this server, such as lq3k9z2f-17")
        }
        return id
    }
}
