import HTTPServer
import Logging
import ModelService

/// The table of everything that the server answers, and the one place where a request finds its handler.
struct Routes {
    typealias Handler = @Sendable (HTTPRequest) -> HTTPReply

    struct Route {
        let method: String
        let path: String
        let handler: Handler
    }

    /// In the order of `openapi.yaml`.
    let all: [Route]
    private let byPath: [String: Handlers]

    /// What one path answers; these two are all the methods that there are.
    private struct Handlers {
        var get: Handler?
        var post: Handler?

        /// The server sends no body in answer to HEAD.
        subscript(method: String) -> Handler? {
            switch method {
            case "GET", "HEAD": get
            case "POST": post
            default: nil
            }
        }

        var allowed: String {
            ((get == nil ? [] : ["GET", "HEAD"]) + (post == nil ? [] : ["POST"])).joined(separator: ", ")
        }
    }

    init(service: ModelService, documentation: Documentation, log: Logger) {
        let work = WorkQueue(pendingMax: 64)
        let prediction = PredictionRoute(service: service, work: work)
        let observations = ObservationsRoute(service: service, work: work)
        let train = TrainRoute(service: service, log: log)
        let status = StatusRoutes(service: service, work: work)
        self.init(
            [
                Route(method: "GET", path: "/prediction", handler: prediction.get),
                Route(method: "POST", path: "/prediction", handler: prediction.post),
                Route(method: "POST", path: "/train", handler: train.post),
                Route(method: "POST", path: "/observations", handler: observations.post),
                Route(method: "GET", path: "/model", handler: status.model),
                Route(method: "GET", path: "/healthz", handler: status.health),
                Route(method: "GET", path: "/readyz", handler: status.readiness),
            ] + documentation.routes)
    }

    init(_ routes: [Route]) {
        all = routes
        byPath = routes.reduce(into: [:]) { paths, route in
            switch route.method {
            case "GET": paths[route.path, default: Handlers()].get = route.handler
            case "POST": paths[route.path, default: Handlers()].post = route.handler
            default: preconditionFailure("no path takes \(route.method)")
            }
        }
    }

    func answer(_ request: HTTPRequest) -> HTTPReply {
        guard let handlers = byPath[request.path] else {
            return .now(
                Problem(404, "there is no \(request.path.shortened()); see /__docs__/ for what there is").response)
        }
        guard let handler = handlers[request.method] else {
            return .now(
                Problem(
                    405,
                    "\(request.path) does not take \(request.method.shortened()); accepted: \(handlers.allowed)",
                    headers: [HTTPField("Allow", handlers.allowed)]
                ).response)
        }
        if !request.body.isEmpty, request.method != "POST" {
            return .now(
                Problem(400, "a \(request.method) request takes no body; \(request.body.count) bytes were sent")
                    .response)
        }
        return handler(request)
    }
}
