import Documents
import HTTPServer
import ModelService
import Regression

/// `GET /prediction` and `POST /prediction`.
struct PredictionRoute {
    static let versionHeader = "Model-Version"

    private let service: ModelService
    private let work: WorkQueue
    private let query: PredictionQuery

    init(service: ModelService, work: WorkQueue) {
        self.service = service
        self.work = work
        query = PredictionQuery(service.specification)
    }

    /// From this size on a body is worked off outside the threads that serve predictions, in bytes.
    private static let largeBody = 16 * 1024

    /// The hot path: no JSON value is built, and nothing is looked up that the model in service has made ready.
    func get(_ request: HTTPRequest) -> HTTPReply {
        do throws(Problem) {
            let served = try model()
            let input = try query.read(request.query)
            let estimate = served.estimate(predictors: input.predictors, level: input.level)
            let body = Self.body(estimate, input: input, served: served)
            return .now(
                HTTPResponse(
                    status: 200,
                    headers: [HTTPField("Content-Type", "application/json"), version(served)], body: body))
        } catch {
            return .now(error.response)
        }
    }

    /// One object, an array of them, or one a line; answered in the same form and order.
    func post(_ request: HTTPRequest) -> HTTPReply {
        guard request.body.count >= Self.largeBody else { return .now(answer(request)) }
        return work.reply { answer(request) }
    }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        do throws(Problem) {
            let served = try model()
            let rows = try RowsBody(request)
            var response = rows.response { row throws(Problem) in try Self.prediction(row, served: served) }
            response.headers.append(version(served))
            return response
        } catch {
            return error.response
        }
    }

    private func model() throws(Problem) -> ServedModel {
        guard let served = service.current else {
            throw Problem(
                503, "there is no model yet: train one, or start with --initial-model",
                headers: [HTTPField("Retry-After", "5")])
        }
        return served
    }

    private func version(_ served: ServedModel) -> HTTPField {
        HTTPField(Self.versionHeader, served.version)
    }
}

// MARK: - Answers

extension PredictionRoute {
    private static func body(
        _ estimate: ModelVersion.Estimate, input: PredictionInput, served: ServedModel
    ) -> [UInt8] {
        guard estimate.isLevelSeen else { return prediction(estimate, level: input.level, served: served).bytes }
        var body: [UInt8] = []
        body.reserveCapacity(served.answerHead.count + 24 + served.answerTail.count)
        body += served.answerHead
        var value = estimate.value.javaText
        value.withUTF8 { unsafe body.append(contentsOf: $0) }
        body += served.answerTail
        return body
    }

    private static func prediction(_ estimate: ModelVersion.Estimate, level: String, served: ServedModel) -> JSON {
        let specification = served.model.specification
        var members = [
            JSON.Member(specification.response.field, JSON(estimate.value)),
            JSON.Member(specification.fields.modelTime, .string(served.modelTime)),
        ]
        if !estimate.isLevelSeen { members.append(JSON.Member("Unseen\(specification.factor.field)", .string(level))) }
        return .object(members)
    }

    /// A row's answer, its identifier echoed.
    private static func prediction(_ row: JSON, served: ServedModel) throws(Problem) -> JSON {
        let specification = served.model.specification
        let echo = [specification.fields.identifier, "id"].compactMap { name in
            row[name].map { JSON.Member(name, $0) }
        }
        do throws(Problem) {
            let input = try PredictionInput(document: row, specification: specification)
            let estimate = served.estimate(predictors: input.predictors, level: input.level)
            return .object((prediction(estimate, level: input.level, served: served).members ?? []) + echo)
        } catch {
            throw Problem(error.status, error.detail, members: error.members + echo)
        }
    }
}
