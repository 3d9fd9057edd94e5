package import Documents
import Regression
import Specification

/// What became of a call to `train`.
package enum TrainingOutcome: Sendable {
    /// The model is kept and is served.
    case retrained(ModelVersion)
    /// The model is kept, and its verdict says why it does not serve.
    case refused(ModelVersion, serving: String?)
    /// A model that served before serves again; the candidate is kept, and its verdict says why.
    case restored(ModelVersion, candidate: ModelVersion)
    /// No model came of it; the one that was served still is.
    case skipped(TrainingRefusal, serving: String?)
    /// The trigger was handled before, and this was the answer.
    case repeated(answer: JSON)
    case storeFailed(StoreError)
    /// The model could not be written; the one that was served still is.
    case notSaved(String)
    /// A training runs, and more callers wait for it than are allowed to, or it takes long.
    case inProgress
}

extension TrainingOutcome {
    /// What a caller is told whose trigger is handled: one object, the same whenever the trigger comes again. Nil where
    /// the trigger should come again because nothing came of it.
    package var answer: JSON? {
        switch self {
        case .retrained(let model): Self.summary(model)
        case .refused(let model, let serving):
            .object(
                [
                    .init("status", "refused"), .init("reason", model.verdict["reason"] ?? .null),
                    .init("detail", model.verdict["detail"] ?? .null), .init("version", JSON(serving)),
                    .init("candidate", .string(model.version)), .init("verdict", Self.shortVerdict(of: model)),
                    .init("cause", model.cause), .init("trigger", model.trigger),
                ] + (model.verdict["rowsMissing"].map { [.init("retryAfterRows", $0)] } ?? []))
        case .restored(let model, let candidate):
            [
                "status": "restored", "reason": candidate.verdict["reason"] ?? .null,
                "detail": candidate.verdict["detail"] ?? .null, "version": .string(model.version),
                model.specification.fields.modelTime: .string(model.time.modelTimeText),
                "candidate": .string(candidate.version), "verdict": Self.shortVerdict(of: candidate),
                "cause": candidate.cause,
                "trigger": candidate.trigger,
            ]
        case .skipped(let refusal, let serving): Self.skipped(refusal, serving)
        case .repeated(let answer): answer
        case .storeFailed, .notSaved, .inProgress: nil
        }
    }

    private static func skipped(_ refusal: TrainingRefusal, _ serving: String?) -> JSON {
        let (seconds, rows) = refusal.retry
        return .object(
            [
                .init("status", "skipped"), .init("reason", .string(refusal.reason)),
                .init("detail", .string(refusal.description)), .init("version", JSON(serving)),
            ] + (seconds.map { [.init("retryAfterSeconds", JSON($0))] } ?? [])
                + (rows.map { [.init("retryAfterRows", JSON($0))] } ?? []))
    }

    /// The model that was trained, if one was.
    package var model: ModelVersion? {
        switch self {
        case .retrained(let model), .refused(let model, _), .restored(_, let model): model
        case .skipped, .repeated, .storeFailed, .notSaved, .inProgress: nil
        }
    }

    /// What is to serve from now on, where that changes.
    package var serving: ModelVersion? {
        switch self {
        case .retrained(let model), .restored(let model, _): model
        case .refused, .skipped, .repeated, .storeFailed, .notSaved, .inProgress: nil
        }
    }

    /// Without the list of contestants, which stands in the model's document: answers are kept, to be given again.
    private static func shortVerdict(of model: ModelVersion) -> JSON {
        guard let members = model.verdict.members else { return model.verdict }
        return .object(members.filter { $0.name != "contestants" })
    }

    private static func summary(_ model: ModelVersion) -> JSON {
        [
            "status": "retrained",
            "version": .string(model.version),
            model.specification.fields.modelTime: .string(model.time.modelTimeText),
            "parent": JSON(model.parent),
            "rows": JSON(model.rows),
            "rowsLeftOut": JSON(model.rowsLeftOut),
            "levels": .array(model.levels.map { .string($0) }),
            "coefficients": .object(
                model.model.coefficients.map { JSON.Member($0.name, JSON($0.estimate)) }),
            "sigma": JSON(model.model.sigma),
            "rSquared": JSON(model.model.rSquared),
            "cause": model.cause,
            "trigger": model.trigger,
            "verdict": shortVerdict(of: model),
        ]
    }
}
