import Documents
import HTTPServer
import Logging
import ModelService
import Regression

/// `POST /train`: whatever the body, a reason to fit the newest rows.
///
/// The answers are chosen for sinks that retry on every status from 400 up: an error is only what a retry can mend.
struct TrainRoute {
    let service: ModelService
    let log: Logger

    func post(_ request: HTTPRequest) -> HTTPReply {
        let isForced: Bool
        do throws(Problem) {
            isForced = try Self.isForced(request.query)
        } catch {
            return .now(error.response)
        }
        return .later { [self] responder in
            let trigger = TriggerBody.document(request.body)
            service.train(trigger: trigger, isForced: isForced) { outcome in
                note(outcome)
                responder.respond(response(outcome))
            }
        }
    }

    private static func isForced(_ query: [HTTPField]) throws(Problem) -> Bool {
        guard let field = query.first(where: { $0.name == "force" }) else { return false }
        guard let isForced = Bool(field.value) else {
            throw Problem(400, parameter: "force", given: .string(field.value), accepted: "true or false")
        }
        return isForced
    }

    private func response(_ outcome: TrainingOutcome) -> HTTPResponse {
        switch outcome {
        case .retrained(let model): .json(200, Self.summary(model))
        case .refused(let model):
            .json(
                200,
                [
                    "status": "refused", "reason": model.verdict["reason"] ?? .null,
                    "detail": model.verdict["detail"] ?? .null, "version": JSON(service.current?.model.version),
                    "candidate": .string(model.version), "verdict": model.verdict,
                ])
        case .skipped(let refusal):
            .json(
                200,
                [
                    "status": "skipped", "reason": .string(refusal.reason), "detail": .string(refusal.description),
                    "version": JSON(service.current?.model.version),
                ])
        case .inProgress:
            .json(202, ["status": "in_progress", "detail": "a training runs, and many wait for it already"])
        case .storeFailed(let error): Problem(storeError: error).response
        case .notSaved(let reason):
            Problem(500, "the model was not saved: \(reason)", members: [JSON.Member("reason", "not_saved")]).response
        }
    }

    static func summary(_ model: ModelVersion) -> JSON {
        [
            "status": "retrained",
            "version": .string(model.version),
            .init(model.specification.fields.modelTime): .string(model.time.modelTimeText),
            "parent": JSON(model.parent),
            "rows": JSON(model.rows),
            "rowsLeftOut": JSON(model.rowsLeftOut),
            "levels": .array(model.levels.map { .string($0) }),
            "coefficients": .object(
                model.model.coefficients.map { JSON.Member($0.name, JSON($0.estimate)) }),
            "sigma": JSON(model.model.sigma),
            "rSquared": JSON(model.model.rSquared),
            "trigger": model.trigger,
            "verdict": model.verdict,
        ]
    }

    private func note(_ outcome: TrainingOutcome) {
        switch outcome {
        case .retrained(let model):
            log.info("retrained: \(model.version) on \(model.rows) rows of \(model.levels.joined(separator: ", "))")
        case .refused(let model):
            log.notice("refused: \(model.version), \(model.verdict["detail"]?.text ?? model.verdict.compact)")
        case .skipped(let refusal): log.notice("training skipped: \(refusal)")
        case .inProgress: log.notice("training not joined: too many wait for it")
        case .storeFailed(let error): log.error("training failed: \(error)")
        case .notSaved(let reason): log.error("training failed, the model was not saved: \(reason)")
        }
    }
}
