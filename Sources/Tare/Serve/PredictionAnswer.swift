import Documents
import ModelService
import Program
import Regression
import Specification

/// What a model says of one input, and in what form.
struct PredictionAnswer {
    private let input: PredictionInput
    private let served: ServedModel
    private let estimate: ModelVersion.Estimate
    /// Whether the input lies far from the rows of the fit.
    let isExtrapolated: Bool

    /// - Throws: 422 where the model has not seen a level and such are rejected, or cannot be estimated without it; and
    ///   where the formula makes no number of the input.
    init(_ input: PredictionInput, served: ServedModel, unseen: UnseenLevels) throws(Problem) {
        self.input = input
        self.served = served
        guard let estimate = served.estimate(predictors: input.predictors, levels: input.levels) else {
            throw Self.rejection(input, served)
        }
        guard estimate.value.isFinite else {
            throw Problem(
                422, "the formula \(served.model.specification.formula) gives no finite number for this input")
        }
        self.estimate = estimate
        isExtrapolated = served.isExtrapolated(predictors: input.predictors, levels: input.levels)
        if !estimate.isLevelSeen, unseen == .reject { throw Self.rejection(input, served) }
    }

    var value: Double { estimate.value }
    /// The columns whose levels the model has not seen.
    var unseen: [String] { estimate.unseen }

    /// The estimate and the model's time, then what is unusual, then what was asked for.
    func document(_ options: AnswerOptions) -> JSON {
        let specification = served.model.specification
        var members = [
            JSON.Member(specification.response.field, JSON(estimate.value)),
            JSON.Member(specification.fields.modelTime, .string(served.modelTime)),
        ]
        if served.saysMedian { members.append(JSON.Member(ModelSpecification.medianField, JSON(estimate.median))) }
        if let sigma = served.sigma { members.append(JSON.Member(ModelSpecification.sigmaField, JSON(sigma))) }
        members += Self.unseenMembers(estimate.unseen, of: input, served)
        if isExtrapolated { members.append(Self.extrapolated) }
        if let confidence = options.confidence { members += intervalMembers(confidence) }
        if options.isExplained { members.append(JSON.Member("Contributions", contributions)) }
        return .object(members)
    }

    static let extrapolated = JSON.Member("Extrapolated", true)

    /// On the response's own scale.
    func interval(_ confidence: Double) throws(IntervalRefusal) -> (lower: Double, upper: Double)? {
        try served.model.interval(predictors: input.predictors, levels: input.levels, confidence: confidence)
    }

    /// Where there is no interval, the bounds are null and a third member says why.
    private func intervalMembers(_ confidence: Double) -> [JSON.Member] {
        do throws(IntervalRefusal) {
            let interval = try interval(confidence)
            return [JSON.Member("Lower", JSON(interval?.lower)), JSON.Member("Upper", JSON(interval?.upper))]
        } catch {
            return [
                JSON.Member("Lower", .null), JSON.Member("Upper", .null),
                JSON.Member("NoInterval", .string(error.description)),
            ]
        }
    }

    private var contributions: JSON {
        .object(
            served.model.contributions(predictors: input.predictors, levels: input.levels).map {
                JSON.Member($0.term, JSON($0.value))
            })
    }

    /// The unseen levels by the names of their columns; before them that of the grouping factor in a field of its own,
    /// where the specification names one.
    ///
    /// - Parameter unseen: their columns.
    static func unseenMembers(_ unseen: [String], of input: PredictionInput, _ served: ServedModel) -> [JSON.Member] {
        guard !unseen.isEmpty else { return [] }
        let specification = served.model.specification
        var members: [JSON.Member] = []
        var similar: String?
        if let factor = specification.factor, unseen.contains(factor.name), let level = input.levels.first {
            if let field = specification.fields.unseenLevel { members.append(JSON.Member(field, .string(level))) }
            similar = served.similarLevel(to: level)
        }
        if let similar { members.append(JSON.Member(served.similarLevelField, .string(similar))) }
        return members + [JSON.Member("Unseen", unseenByFactor(unseen, of: input, specification))]
    }

    /// What was given of each column whose level the model has not seen.
    var unseenByFactor: JSON { Self.unseenByFactor(estimate.unseen, of: input, served.model.specification) }

    private static func unseenByFactor(
        _ unseen: [String], of input: PredictionInput, _ specification: ModelSpecification
    ) -> JSON {
        .object(
            unseen.map { column in
                if let place = specification.factors.firstIndex(where: { $0.name == column }) {
                    return JSON.Member(column, .string(input.levels[place]))
                }
                let place = specification.predictors.firstIndex { $0.name == column }
                return JSON.Member(column, JSON(place.map { input.predictors[$0] }))
            })
    }

    /// So many are named.
    private static let levelsMax = 50

    private static func named(_ levels: [String]) -> String {
        let more = levels.count - levelsMax
        return levels.prefix(levelsMax).joined(separator: ", ") + (more > 0 ? " and \(more) others" : "")
    }

    private static func rejection(_ input: PredictionInput, _ served: ServedModel) -> Problem {
        let unseen = served.model.unseenFactors(predictors: input.predictors, levels: input.levels)
        let names = unseen.map(\.column).joined(separator: ", ")
        let known = unseen.map { named($0.known) }.joined(separator: "; ")
        var problem = Problem(
            422, parameter: names,
            given: unseen.count == 1 ? .string(unseen[0].level) : .array(unseen.map { .string($0.level) }),
            accepted: "a \(names) that the model was fitted on: \(known)")
        if let factor = served.model.specification.factor,
            let level = unseen.first(where: { $0.column == factor.name })?.level,
            let similar = served.similarLevel(to: level)
        {
            problem.members.append(JSON.Member(served.similarLevelField, .string(similar)))
        }
        return problem
    }
}
