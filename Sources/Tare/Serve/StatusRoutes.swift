import Documents
import HTTPServer
import ModelService
import Program
import Specification

/// `GET /healthz`, `GET /readyz`, `GET /model`, `GET /specification` and `GET /coverage`.
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
            // What comes of it is noted with what came of the calls before: a write that failed counts until one succeeds.
            try? service.checkStore()
            let version = service.current?.model.version
            let faults = (store: service.rowsFault, models: service.modelsFault)
            let journal = service.journalState
            let isWhole = faults.store == nil && faults.models == nil && journal?.fault == nil
            let status = version == nil ? "unavailable" : isWhole ? "ready" : "degraded"
            return .json(
                version == nil ? 503 : 200,
                .object(
                    [
                        .init("status", .string(status)), .init("model", JSON(version)),
                        .init("store", Self.part(faults.store)), .init("models", Self.part(faults.models)),
                    ] + (journal.map { [.init("journal", Self.part($0))] } ?? [])))
        }
    }

    private static func part(_ journal: (rows: Int, bytes: Int, bytesMax: Int, fault: String?)) -> JSON {
        .object(
            (part(journal.fault).members ?? []) + [
                .init("rows", JSON(journal.rows)), .init("bytes", JSON(journal.bytes)),
                .init("bytesMax", JSON(journal.bytesMax)),
            ])
    }

    private static func part(_ fault: String?) -> JSON {
        fault.map { ["status": "unavailable", "detail": .string($0)] } ?? ["status": "ok"]
    }

    /// The document of the model that serves now, what was taken back where it serves because of that, and levels that
    /// look alike.
    func model(_: HTTPRequest) -> HTTPReply {
        guard let served = service.current else { return Self.noModel }
        let model = served.model
        var members = model.document.members ?? []
        if let rollback = service.rollback { members.append(JSON.Member("rolledBack", rollback)) }
        let similar = service.strangers.merging(served.similarLevels) { observed, _ in observed }
        if !similar.isEmpty {
            let pairs = similar.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            members.append(
                JSON.Member(
                    served.similarLevelField, .object(pairs.map { JSON.Member($0.key, .string($0.value)) })))
        }
        let document = JSON.object(members)
        return .now(
            HTTPResponse(
                status: 200,
                headers: [
                    HTTPField("Content-Type", "application/json"),
                    HTTPField(RowPredictor.versionHeader, model.version),
                ], body: document.indented))
    }

    /// What is predicted from what, and under which names: all that a companion needs to know of this server's subject.
    func specification(_: HTTPRequest) -> HTTPReply { .now(.json(200, service.specification.document)) }

    /// How often the truth lay within the intervals of the model that serves now.
    func coverage(_: HTTPRequest) -> HTTPReply {
        guard let coverage = service.coverage else { return Self.noModel }
        return .now(.json(200, coverage.document))
    }

    private static var noModel: HTTPReply {
        .now(Problem(503, "there is no model yet", headers: [HTTPField("Retry-After", "5")]).response)
    }
}
