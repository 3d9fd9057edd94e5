import Documents
import ModelService
import Specification

/// An event as whoever listens is told of it.
struct EventDocument: Equatable {
    let type: String
    let document: JSON

    /// - Parameter time: when it happened.
    init(_ type: String, at time: Timestamp, _ members: [JSON.Member]) {
        self.type = type
        document = .object([.init("type", .string(type)), .init("time", .string(time.description))] + members)
    }

    static let observed = "observed"

    init(observed row: Observation, at time: Timestamp, _ specification: ModelSpecification) {
        self.init(
            Self.observed, at: time,
            [
                .init("group", JSON(row.level)), .init("error", JSON(row.error)),
                .init("row", row.document(specification)),
            ])
    }
}

extension ServiceEvent {
    /// Nil of rows, each of which has one of its own.
    func document(at time: Timestamp) -> EventDocument? {
        switch self {
        case .observed: nil
        case .trained(let outcome, let seconds):
            EventDocument("trained", at: time, Self.members(of: outcome, seconds))
        case .rolledBack(let version, let detail):
            EventDocument(
                "rolledBack", at: time, [.init("version", .string(version)), .init("detail", .string(detail))])
        case .serving(let version, let previous):
            EventDocument(
                "serving", at: time, [.init("version", .string(version)), .init("previous", JSON(previous))])
        case .store(let part, let fault):
            EventDocument(
                "store", at: time,
                [
                    .init("store", .string(part.rawValue)),
                    .init("status", fault == nil ? "ok" : "unavailable"), .init("detail", JSON(fault)),
                ])
        }
    }

    private static func members(of outcome: TrainingOutcome, _ seconds: Double) -> [JSON.Member] {
        let (model, answer) = (outcome.model, outcome.answer)
        let fault: String? =
            switch outcome {
            case .storeFailed(let error): error.description
            case .notSaved(let reason): reason
            default: nil
            }
        return [
            .init("verdict", .string(TrainingTally.verdict(of: outcome))), .init("seconds", JSON(seconds)),
            .init("reason", answer?["reason"] ?? model?.verdict["reason"] ?? .null),
            .init("detail", answer?["detail"] ?? model?.verdict["detail"] ?? JSON(fault)),
            .init("serving", JSON(outcome.serving?.version)), .init("candidate", JSON(model?.version)),
            .init("cause", model?.cause ?? .null), .init("rows", JSON(model?.rows)),
            .init("oldestRow", JSON(model?.oldestRow?.description)),
            .init("newestRow", JSON(model?.newestRow?.description)),
        ]
    }
}
