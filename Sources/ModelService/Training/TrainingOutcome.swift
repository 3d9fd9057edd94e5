package import Documents
import Regression

/// What became of a call to `train`.
package enum TrainingOutcome: Sendable {
    /// The model is kept and is served.
    case retrained(ModelVersion)
    /// The model is kept, and its verdict says why it does not serve.
    case refused(ModelVersion, serving: String?)
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
            [
                "status": "refused", "reason": model.verdict["reason"] ?? .null,
                "detail": model.verdict["detail"] ?? .null, "version": JSON(serving),
                "candidate": .string(model.version), "verdict": model.verdict, "cause": model.cause,
                "trigger": model.trigger,
            ]
        case .skipped(let refusal, let serving):
            [
                "status": "skipped", "reason": .string(refusal.reason), "detail": .string(refusal.description),
                "version": JSON(serving),
            ]
        case .repeated(let answer): answer
        case .storeFailed, .notSaved, .inProgress: nil
        }
    }

    /// The model that came of it, if one did.
    var model: ModelVersion? {
        switch self {
        case .retrained(let model), .refused(let model, _): model
        case .skipped, .repeated, .storeFailed, .notSaved, .inProgress: nil
        }
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
            "verdict": model.verdict,
        ]
    }
}
