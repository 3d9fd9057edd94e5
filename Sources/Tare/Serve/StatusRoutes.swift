import Documents
import HTTPServer
import ModelService

/// `GET /healthz`, `GET /readyz` and `GET /model`.
struct StatusRoutes {
    let service: ModelService
    let work: WorkQueue

    /// Alive: the process answers. It asks nobody else, or a database that is away would have the server restarted.
    func health(_: HTTPRequest) -> HTTPReply {
        .now(.json(200, ["status": "ok"]))
    }

    /// Ready to predict, and what else is not as it should be. Without a database predictions go on, so that is 200.
    func readiness(_: HTTPRequest) -> HTTPReply {
        work.reply { [service] in
            var store: JSON = ["status": "ok"]
            do throws(StoreError) {
                try service.checkStore()
            } catch {
                store = ["status": "unavailable", "detail": .string(error.description)]
            }
            let version = service.current?.model.version
            let fault = service.modelsFault
            let models: JSON = fault.map { ["status": "unavailable", "detail": .string($0)] } ?? ["status": "ok"]
            let isWhole = store["status"] == "ok" && fault == nil
            let status = version == nil ? "unavailable" : isWhole ? "ready" : "degraded"
            return .json(
                version == nil ? 503 : 200,
                ["status": .string(status), "model": JSON(version), "store": store, "models": models])
        }
    }

    /// The document of the model that serves now.
    func model(_: HTTPRequest) -> HTTPReply {
        guard let model = service.current?.model else {
            return .now(Problem(503, "there is no model yet", headers: [HTTPField("Retry-After", "5")]).response)
        }
        return .now(
            HTTPResponse(
                status: 200, headers: [HTTPField("Content-Type", "application/json")], body: model.document.indented))
    }
}
