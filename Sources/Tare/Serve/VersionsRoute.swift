import Documents
import HTTPServer
import Logging
import ModelService
import Program
import Regression
import Specification

/// `GET /models`, `GET /models/{version}` and `POST /models/{version}/activate`.
struct VersionsRoute {
    let service: ModelService
    let work: WorkQueue
    let log: Logger

    private static let limitDefault = 20
    private static let limitMax = 100

    /// Of a model's document, what a list of models shows.
    private static let listed: Set<String> = [
        "version", "time", "parent", "cause", "state", "verdict", "levels", "rows", "rowsHash", "oldestRow",
        "newestRow", "coefficients",
        "coefficientsHex", "sigma", "rSquared",
    ]

    /// A page of the versions that are kept, newest first.
    func list(_ request: HTTPRequest) -> HTTPReply {
        let page: Page
        do throws(Problem) { page = try Page(request.query) } catch { return .now(error.response) }
        return work.reply { answer { () throws(StoreError) in .json(200, try list(page)) } }
    }

    private func list(_ page: Page) throws(StoreError) -> JSON {
        let active = service.current?.model.version
        // One more than is shown tells whether there are more.
        let versions = try service.versions(before: page.before, limit: page.limit + 1)
        var models: [JSON] = []
        for version in versions.prefix(page.limit) {
            if let entry = try entry(version, isActive: version == active) { models.append(entry) }
        }
        return [
            "active": JSON(active), "models": .array(models),
            "next": versions.count > page.limit ? .string(versions[page.limit - 1]) : .null,
        ]
    }

    /// Nil where it was removed meanwhile. What cannot be read is listed too: it is there, and somebody should look.
    private func entry(_ version: String, isActive: Bool) throws(StoreError) -> JSON? {
        let members: [JSON.Member]
        do throws(StoreError) {
            guard let model = try service.version(version) else { return nil }
            members = (model.document.members ?? []).filter { Self.listed.contains($0.name) }
        } catch let error where error.kind == .refused {
            members = [JSON.Member("version", .string(version)), JSON.Member("problem", .string(error.description))]
        }
        return .object(members + [JSON.Member("active", .bool(isActive))])
    }

    /// The whole document of one version.
    func get(_: HTTPRequest, version: String) -> HTTPReply {
        work.reply {
            answer { () throws(StoreError) in
                guard let model = try service.version(version) else { return Self.unknown(version) }
                return HTTPResponse(
                    status: 200, headers: [HTTPField("Content-Type", "application/json")], body: model.document.indented
                )
            }
        }
    }

    /// Serves a version again, or one that was refused. Asking twice changes nothing.
    func activate(_: HTTPRequest, version: String) -> HTTPReply {
        work.reply {
            answer { () throws(StoreError) in
                guard let (model, previous) = try service.activate(version) else { return Self.unknown(version) }
                if previous != version {
                    log.notice("activated", metadata: ["version": "\(version)", "previous": "\(previous ?? "none")"])
                }
                return .json(
                    200,
                    [
                        "status": "activated", "version": .string(version),
                        model.specification.fields.modelTime: .string(model.time.modelTimeText),
                        "previous": JSON(previous),
                    ])
            }
        }
    }

    private func answer(_ body: () throws(StoreError) -> HTTPResponse) -> HTTPResponse {
        do throws(StoreError) { return try body() } catch { return Problem(modelError: error).response }
    }

    private static func unknown(_ version: String) -> HTTPResponse {
        Problem(404, "there is no model \(version.shortened()); GET /models lists those that there are").response
    }
}

extension VersionsRoute {
    /// Which part of the list is asked for.
    private struct Page {
        let limit: Int
        private(set) var before: String?

        init(_ query: [HTTPField]) throws(Problem) {
            limit = try query.wholeNumber("limit", in: 1...limitMax) ?? limitDefault
            if let given = try query.single("before") {
                guard ModelVersion.isVersion(given) else {
                    throw Problem(
                        400, parameter: "before", given: .string(given),
                        accepted: "a version, such as the next of the page before")
                }
                before = given
            }
        }
    }
}

extension Problem {
    /// 503 where a retry may help, 500 where somebody must look after the models.
    init(modelError error: StoreError) {
        switch error.kind {
        case .unavailable: self.init(storeError: error)
        case .refused:
            self.init(500, error.description, members: [JSON.Member("reason", "model_unusable")])
        }
    }
}
