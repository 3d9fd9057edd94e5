import HTTPServer
import Logging
import ModelService
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
        /// Of a path with an open segment.
        let pattern: PathPattern?

        init(method: String, path: String, role: Role?, handler: @escaping Handler) {
            self.method = method
            self.path = path
            self.role = role
            self.handler = handler
            pattern = nil
        }

        /// - Parameter handler: is given what stands in the open segment of the path.
        init(
            method: String, path: String, role: Role?,
            handler: @escaping @Sendable (HTTPRequest, String) -> HTTPReply
        ) {
            let pattern = PathPattern(path)
            self.method = method
            self.path = path
            self.role = role
            self.handler = { request in handler(request, pattern?.value(in: request.path) ?? "") }
            self.pattern = pattern
        }

        func matches(_ path: String) -> Bool { path == self.path || pattern?.value(in: path) != nil }

        /// The server sends no body in answer to HEAD.
        var methods: [String] { method == "GET" ? ["GET", "HEAD"] : [method] }

        func takes(_ given: String) -> Bool { given == method || given == "HEAD" && method == "GET" }
    }

    /// How many large bodies are worked off at a time, of predictions and of others.
    static let bodiesMax = 2

    /// In the order of `openapi.yaml`.
    let all: [Route]

    /// - Parameter memory: what requests may hold.
    init(
        service: ModelService, memory: RequestMemory, documentation: Documentation, unseen: UnseenLevels = .accept,
        log: Logger
    ) {
        let deadlines = Deadlines()
        let work = WorkQueue(pendingMax: 64, deadlines: deadlines)
        // Apart: a database that hangs must not keep predictions waiting.
        let predictions = BodyThreads(threadsMax: Self.bodiesMax, waitingMax: 64, deadlines: deadlines)
        let bodies = BodyThreads(threadsMax: Self.bodiesMax, waitingMax: 64, deadlines: deadlines)
        let prediction = PredictionRoute(service: service, memory: memory, bodies: predictions, unseen: unseen)
        let observations = ObservationsRoute(service: service, memory: memory, work: work, bodies: bodies)
        let train = TrainRoute(service: service, deadlines: deadlines, bodies: bodies, log: log)
        let versions = VersionsRoute(service: service, work: work, log: log)
        let status = StatusRoutes(service: service, work: work)
        self.init(
            [
                Route(method: "GET", path: "/prediction", role: .read, handler: prediction.get),
                Route(method: "POST", path: "/prediction", role: .read, handler: prediction.post),
                Route(method: "POST", path: "/train", role: .write, handler: train.post),
                Route(method: "POST", path: "/observations", role: .write, handler: observations.post),
                Route(method: "GET", path: "/models", role: .read, handler: versions.list),
                Route(method: "GET", path: "/models/{version}", role: .read, handler: versions.get),
                Route(method: "POST", path: "/models/{version}/activate", role: .write, handler: versions.activate),
                Route(method: "GET", path: "/model", role: .read, handler: status.model),
                Route(method: "GET", path: "/specification", role: .read, handler: status.specification),
                Route(method: "GET", path: "/coverage", role: .read, handler: status.coverage),
                Route(method: "GET", path: "/healthz", role: nil, handler: status.health),
                Route(method: "GET", path: "/readyz", role: nil, handler: status.readiness),
            ] + documentation.routes)
    }

    init(_ routes: [Route]) {
        all = routes
    }

    func answer(_ request: HTTPRequest) -> HTTPReply {
        guard let index = index(of: request) else { return .now(refusal(of: request).response) }
        return answer(request, by: index)
    }

    /// The role that a request needs; nil where everybody may ask, and where nothing is to be had.
    func role(for request: HTTPRequest) -> Role? { index(of: request).flatMap { all[$0].role } }

    /// By index: taking a route out would count the references of its parts.
    private func index(of request: HTTPRequest) -> Int? {
        for index in all.indices where all[index].path == request.path && all[index].takes(request.method) {
            return index
        }
        // Only then, so that no path without an open segment pays for those with one.
        for index in all.indices
        where all[index].pattern != nil && all[index].matches(request.path) && all[index].takes(request.method) {
            return index
        }
        return nil
    }

    private func answer(_ request: HTTPRequest, by index: Int) -> HTTPReply {
        if !request.body.isEmpty, request.method != "POST" {
            return .now(
                Problem(400, "a \(request.method) request takes no body; \(request.body.count) bytes were sent")
                    .response)
        }
        return all[index].handler(request)
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
