import Documents
import HTTPServer
import Logging
import ModelService
import Program
import Regression
import Specification

/// `POST /train`: whatever the body, a reason to fit the newest rows.
///
/// The answers are chosen for sinks that retry on every status from 400 up: an error is only what a retry can mend.
struct TrainRoute {
    let service: ModelService
    let deadlines: Deadlines
    let bodies: BodyThreads
    let log: Logger

    /// How long a caller waits at most, in seconds: longer than a training waits for another server's.
    private static let secondsMax = 20

    /// From this size on a body is read outside the threads that serve predictions, in bytes.
    private static let largeBody = 2 * 1024

    func post(_ request: HTTPRequest) -> HTTPReply {
        let isForced: Bool
        do throws(Problem) { isForced = try flag("force", in: request.query) } catch { return .now(error.response) }
        return .later { [self] responder in
            let responder = deadlines.responder(responder, within: Self.secondsMax)
            let id = RequestContext.id
            let train: @Sendable (TrainingRequest) -> Void = { asked in
                service.train(asked) { outcome in
                    RequestContext.$id.withValue(id) { note(outcome) }
                    responder.respond(response(outcome))
                }
            }
            if request.body.count < Self.largeBody {
                train(read(request, isForced: isForced))
            } else if !bodies.run({ read(request, isForced: isForced) }, then: train) {
                responder.respond(bodies.refusal)
            }
        }
    }

    private func read(_ request: HTTPRequest, isForced: Bool) -> TrainingRequest {
        let key = request.header("Idempotency-Key").flatMap { $0.isEmpty ? nil : $0 }
        return TrainingRequest(
            TriggerBody(request.body), key: key, isForced: isForced, specification: service.specification)
    }

    private func flag(_ name: String, in query: [HTTPField]) throws(Problem) -> Bool {
        let given = query.filter { $0.name == name }
        guard let first = given.first else { return false }
        guard given.count == 1, let value = ["true": true, "false": false][first.value] else {
            throw Problem(
                400, parameter: name, given: .string(given.map(\.value).joined(separator: ", ")),
                accepted: "true or false")
        }
        return value
    }

    private func response(_ outcome: TrainingOutcome) -> HTTPResponse {
        switch outcome {
        case .retrained, .refused, .restored, .skipped: .json(200, outcome.answer ?? .null)
        case .repeated(let answer):
            HTTPResponse(
                status: 200,
                headers: [HTTPField("Content-Type", "application/json"), HTTPField("Idempotent-Replayed", "true")],
                body: answer.bytes)
        case .inProgress:
            .json(202, ["status": "in_progress", "detail": "a training runs, and is not waited for any longer"])
        case .storeFailed(let error): Problem(storeError: error).response
        case .notSaved(let reason):
            Problem(500, "the model was not saved: \(reason)", members: [JSON.Member("reason", "not_saved")]).response
        }
    }

    private func note(_ outcome: TrainingOutcome) {
        switch outcome {
        case .retrained(let model): log.info("retrained", metadata: model.logFields)
        case .refused(let model, _): log.notice("training refused", metadata: verdict(on: model, of: model))
        case .restored(let model, let candidate):
            log.notice("training refused, a former model restored", metadata: verdict(on: candidate, of: model))
        case .skipped(let refusal, _): log.notice("training skipped", metadata: ["reason": "\(refusal)"])
        case .repeated: log.info("a trigger came again and got its answer again")
        case .inProgress: log.notice("training not waited for: many do, or it takes long")
        case .storeFailed(let error): log.error("training failed", metadata: ["reason": "\(error)"])
        case .notSaved(let reason):
            log.error("training failed, the model was not saved", metadata: ["reason": "\(reason)"])
        }
    }

    private func verdict(on candidate: ModelVersion, of model: ModelVersion) -> Logger.Metadata {
        ["version": "\(model.version)", "reason": "\(candidate.verdict["detail"]?.text ?? candidate.verdict.compact)"]
    }
}

extension ModelVersion {
    var logFields: Logger.Metadata {
        ["version": "\(version)", "rows": .stringConvertible(rows), "levels": .array(levels.map { "\($0)" })]
    }
}
