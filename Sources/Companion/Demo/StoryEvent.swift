import Documents
import Regression
import Specification

/// A line of `tare stream --output ndjson`, as far as the story needs it.
enum StoryEvent: Equatable {
    case fish(EvaluatedFish)
    case trigger(RetrainTrigger)
}

struct EvaluatedFish: Equatable {
    let identifier: String
    let level: String
    /// Nil where there is none, such as for a weight of 0.
    let error: Double?
    /// Which model predicted.
    let modelTime: String
}

struct RetrainTrigger: Equatable {
    let first: String
    let last: String
    let meanError: Double
    let windowStart: Timestamp
    let windowEnd: Timestamp
}

struct StoryEventError: Error, Equatable, CustomStringConvertible {
    let line: String
    let reason: String

    var description: String { "the stream wrote a line that is no document of its own (\(reason)): \(line)" }
}

extension StoryEvent {
    /// A trigger is told by its window; whatever else has an identifier is a fish.
    init(line: String, specification: ModelSpecification) throws(StoryEventError) {
        let document: JSON
        do {
            document = try JSON(parsing: line)
        } catch {
            throw StoryEventError(line: line, reason: error.description)
        }
        let fields = specification.fields
        if let start = document["WindowStart"]?.integer, let end = document["WindowEnd"]?.integer,
            let mean = document["\(fields.error)Avg"]?.double
        {
            self = .trigger(
                RetrainTrigger(
                    first: document["\(fields.identifier)_Start"]?.text ?? "?",
                    last: document["\(fields.identifier)_End"]?.text ?? "?", meanError: mean,
                    windowStart: Timestamp(milliseconds: start), windowEnd: Timestamp(milliseconds: end)))
        } else if let identifier = document[fields.identifier]?.text {
            self = .fish(
                EvaluatedFish(
                    identifier: identifier, level: specification.factor.flatMap { document[$0.field]?.text } ?? "?",
                    error: document[fields.error]?.double, modelTime: document[fields.modelTime]?.text ?? "?"))
        } else {
            throw StoryEventError(line: line, reason: "neither \(fields.identifier) nor WindowStart and WindowEnd")
        }
    }
}
