import HTTPServer
import Logging
import ModelService
import Program
import Specification

/// The table of everything that the server answers, and the one place where a request finds its handler.
struct Routes {
    typealias Handler = @Sendable (HTTPRequest) -> HTTPReply

    struct Route {
        let method: String
        /// As it stands in `openapi.yaml`.
        let path: String
        /// What a token must allow, where tokens are asked for; nil lets everybody in.
        let role: Role?
        let handler: Handler
        /// Of a path with open segments.
        let pattern: PathPattern?

        init(method: String, path: String, role: Role?, handler: @escaping Handler) {
            self.method = method
            self.path = path
            self.role = role
            self.handler = handler
            pattern = nil
        }

        /// - Parameter handler: is given what stands in the open segments of the path, in their order.
        init(
            method: String, path: String, role: Role?,
            handler: @escaping @Sendable (HTTPRequest, [String]) -> HTTPReply
        ) {
            let pattern = PathPattern(path)
            self.method = method
            self.path = path
            self.role = role
            self.handler = { request in handler(request, pattern?.values(in: request.path) ?? []) }
            self.pattern = pattern
        }

        func matches(_ path: String) -> Bool { path == self.path || pattern?.values(in: path) != nil }

        /// The server sends no body in answer to HEAD.
        var methods: [String] { method == "GET" ? ["GET", "HEAD"] : [method] }

        func takes(_ given: String) -> Bool { given == method || given == "HEAD" && method == "GET" }
    }

    /// How many large bodies are worked off at a time, of predictions and of others.
    static let bodiesMax = 2

    /// In the order of `openapi.yaml`.
    let all: [Route]
    private let trail: RequestTrail

    /// - Parameters:
    ///   - memory: what requests may hold.
    ///   - metrics: what is counted beside the requests.
    ///   - events: what GET /events tells.
    ///   - access: nil where it is switched off.
    init(
        service: ModelService, memory: RequestMemory, documentation: Documentation, unseen: UnseenLevels = .accept,
        metrics: ServerMetrics, events: EventFeed, bounds: ServerBounds = ServerBounds(), access: AccessLog? = nil,
        log: Logger
    ) {
        let deadlines = Deadlines()
        let work = WorkQueue(pendingMax: 64, deadlines: deadlines)
        // Apart: a database that hangs must not keep predictions waiting.
        let predictions = BodyThreads(threadsMax: Self.bodiesMax, waitingMax: 64, deadlines: deadlines)
        let bodies = BodyThreads(threadsMax: Self.bodiesMax, waitingMax: 64, deadlines: deadlines)
        let predictor = RowPredictor(service: service, memory: memory, bodies: predictions, unseen: unseen)
        let prediction = PredictionRoute(predictor)
        let inference = InferenceRoute(predictor: predictor)
        let invocations = InvocationsRoute(predictor: predictor)
        let observations = ObservationsRoute(
            service: service, memory: memory, work: work, bodies: bodies, deadlines: deadlines, metrics: metrics)
        let train = TrainRoute(service: service, deadlines: deadlines, bodies: bodies, log: log)
        let versions = VersionsRoute(service: service, work: work, log: log)
        let companion = CompanionRoute()
        let history = HistoryRoute(service: service, work: work)
        let status = StatusRoutes(service: service, work: work)
        let routes =
            [
                Route(method: "GET", path: "/prediction", role: .read, handler: prediction.get),
                Route(method: "POST", path: "/prediction", role: .read, handler: prediction.post),
                Route(method: "POST", path: "/train", role: .write, handler: train.post),
                Route(method: "POST", path: "/observations", role: .write, handler: observations.post),
                Route(method: "GET", path: "/observations", role: .read, handler: history.get),
                Route(method: "GET", path: "/events", role: .read, handler: EventsRoute(feed: events).get),
                Route(method: "POST", path: "/companion", role: .write, handler: companion.post),
                Route(method: "GET", path: "/companion", role: .read, handler: companion.get),
                Route(method: "GET", path: "/models", role: .read, handler: versions.list),
                Route(method: "GET", path: "/models/{version}", role: .read) { versions.get($0, version: $1[0]) },
                Route(method: "POST", path: "/models/{version}/activate", role: .write) {
                    versions.activate($0, version: $1[0])
                },
                Route(method: "GET", path: "/model", role: .read, handler: status.model),
                Route(method: "GET", path: "/specification", role: .read, handler: status.specification),
                Route(method: "GET", path: "/coverage", role: .read, handler: status.coverage),
                Route(method: "GET", path: "/healthz", role: nil, handler: status.health),
                Route(method: "GET", path: "/readyz", role: nil, handler: status.readiness),
            ] + Page.routes + documentation.routes + inference.routes + invocations.routes
        let path = "/metrics"
        let requests = RequestMetrics(
            routes.map { .init(method: $0.method, path: $0.path) } + [.init(method: "GET", path: path)])
        let counts = MetricsRoute(
            service: service, memory: memory, metrics: metrics, requests: requests, bounds: bounds)
        all = routes + [Route(method: "GET", path: path, role: .read, handler: counts.get)]
        trail = RequestTrail(metrics: requests, access: access, paths: all.map(\.path))
    }

    func answer(_ request: HTTPRequest) -> HTTPReply {
        let start = MonotonicClock.nanoseconds
        guard let index = index(of: request) else {
            return trail.follow(
                .now(refused(request, refusal(of: request))), to: request, route: nil, since: start)
        }
        return trail.follow(answer(request, by: index), to: request, route: index, since: start)
    }

    /// The path in openapi.yaml of the route that takes a request; nil where none does.
    func path(for request: HTTPRequest) -> String? { index(of: request).map { all[$0].path } }

    /// The role that a request needs; nil where everybody may ask, and where nothing is to be had.
    func role(for request: HTTPRequest) -> Role? { index(of: request).flatMap { all[$0].role } }

    /// By index: taking a route out would count the references of its parts.
    private func index(of request: HTTPRequest) -> Int? {
        for index in all.indices where all[index].path == request.path && all[index].takes(request.method) {
            return index
        }
        // Patterns are tried last, so that paths without an open segment cost no more because of them.
        for index in all.indices
        where all[index].pattern != nil && all[index].matches(request.path) && all[index].takes(request.method) {
            return index
        }
        return nil
    }

    private func answer(_ request: HTTPRequest, by index: Int) -> HTTPReply {
        if !request.body.isEmpty, request.method != "POST" {
            return .now(
                refused(
                    request,
                    Problem(400, "a \(request.method) request takes no body; \(request.body.count) bytes were sent")))
        }
        return all[index].handler(request)
    }

    /// In the form of the protocol that the path belongs to.
    private func refused(_ request: HTTPRequest, _ problem: Problem) -> HTTPResponse {
        InferenceRoute.owns(request.path) ? InferenceRoute.error(problem) : problem.response
    }

    private func refusal(of request: HTTPRequest) -> Problem {
        let accepted = all.filter { $0.matches(request.path) }.flatMap(\.methods).joined(separator: ", ")
        if accepted.isEmpty {
            return Problem(404, "there is no \(request.path.shortened()); see /__docs__/ for what there is")
        }
        return Problem(
            405, "\(request.path) does not take \(request.method.shortened()); accepted: \(accepted)",
            headers: [HTTPField("Allow", accepted)])
    }
}
