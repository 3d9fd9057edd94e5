import Documents
import ModelService
import Regression

/// What a model says of one input, and in what form.
struct PredictionAnswer {
    private let input: PredictionInput
    private let served: ServedModel
    private let estimate: ModelVersion.Estimate
    private let isExtrapolated: Bool

    /// - Throws: 422 where the model has not seen the level and such are rejected.
    init(_ input: PredictionInput, served: ServedModel, unseen: UnseenLevels) throws(Problem) {
        self.input = input
        self.served = served
        estimate = served.estimate(predictors: input.predictors, level: input.level)
        isExtrapolated = served.isExtrapolated(predictors: input.predictors, level: input.level)
        if !estimate.isLevelSeen, unseen == .reject { throw Self.rejection(input.level, served) }
    }

    /// Whether there is nothing to say but the estimate.
    var isOrdinary: Bool { estimate.isLevelSeen && !isExtrapolated }

    /// The document of an ordinary answer, put together without a JSON value.
    var bytes: [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(served.answerHead.count + 24 + served.answerTail.count)
        body += served.answerHead
        var value = estimate.value.javaText
        value.withUTF8 { unsafe body.append(contentsOf: $0) }
        body += served.answerTail
        return body
    }

    /// `Weight` and `ModelTime`, then what is unusual, then what was asked for.
    func document(_ options: AnswerOptions) -> JSON {
        let specification = served.model.specification
        var members = [
            JSON.Member(specification.response.field, JSON(estimate.value)),
            JSON.Member(specification.fields.modelTime, .string(served.modelTime)),
        ]
        if !estimate.isLevelSeen {
            members.append(JSON.Member("Unseen\(specification.factor.field)", .string(input.level)))
            if let similar = served.similarLevel(to: input.level) {
                members.append(JSON.Member(served.similarLevelField, .string(similar)))
            }
        }
        if isExtrapolated { members.append(JSON.Member("Extrapolated", true)) }
        if let confidence = options.confidence { members += interval(confidence) }
        if options.isExplained { members.append(JSON.Member("Contributions", contributions)) }
        return .object(members)
    }

    /// Where there is no interval, the bounds are null and a third member says why.
    private func interval(_ confidence: Double) -> [JSON.Member] {
        do throws(IntervalRefusal) {
            let interval = try served.model.interval(
                predictors: input.predictors, level: input.level, confidence: confidence)
            return [JSON.Member("Lower", JSON(interval.lower)), JSON.Member("Upper", JSON(interval.upper))]
        } catch {
            return [
                JSON.Member("Lower", .null), JSON.Member("Upper", .null),
                JSON.Member("NoInterval", .string(error.description)),
            ]
        }
    }

    private var contributions: JSON {
        .object(
            served.model.contributions(predictors: input.predictors, level: input.level).map {
                JSON.Member($0.term, JSON($0.value))
            })
    }

    /// So many are named.
    private static let levelsMax = 50

    private static func named(_ levels: [String]) -> String {
        let more = levels.count - levelsMax
        return levels.prefix(levelsMax).joined(separator: ", ") + (more > 0 ? " and \(more) others" : "")
    }

    private static func rejection(_ level: String, _ served: ServedModel) -> Problem {
        let factor = served.model.specification.factor.name
        var problem = Problem(
            422, parameter: factor, given: .string(level),
            accepted: "a \(factor) that the model was fitted on: \(named(served.model.levels))")
        if let similar = served.similarLevel(to: level) {
            problem.members.append(JSON.Member(served.similarLevelField, .string(similar)))
        }
        return problem
    }
}
