import Documents
package import Metrics
import Regression
import Specification

/// A model in service, with what every answer needs of it made once. A class, because a swap is one reference, and
/// because a caller in another module that took the model out would copy it: some tens of references for one prediction.
package final class ServedModel: Sendable {
    package let model: ModelVersion
    package let version: String
    /// `2021-06-02 07:48:52`
    package let modelTime: String
    /// Where errors are measured by it: answers say it, so that whoever hears the truth can.
    package let sigma: Double?
    /// Whether the estimate is a mean, beside which answers say the median.
    package let saysMedian: Bool
    /// What it predicted, by group; whoever predicts counts.
    package let predictions: GroupCounters
    /// What stands before and after the value in the document of a prediction: `{"Price":` and `,"ModelTime":"…"}`.
    private let answerHead: [UInt8]
    private let answerTail: [UInt8]
    /// Of the fit without the factor, and of each level where there are several: an array, as taking a domain out of a
    /// dictionary would count the references of its parts. Of a formula with other factors there would be too many: a
    /// row's is worked out when it is asked for.
    private let domain: ApplicabilityDomain?
    private let domains: [ApplicabilityDomain]
    private let places: LevelPlaces
    private let plan: PredictionPlan
    /// The levels of the model, by what they have in common with others that differ in case or surrounding space only.
    private let levelsByFolded: [String: [String]]
    private let distinctLevels: Set<String>

    package init(_ model: ModelVersion) {
        self.model = model
        version = model.version
        modelTime = model.time.modelTimeText
        predictions = GroupCounters(GroupLabels(model.levels))
        let specification = model.specification
        answerHead = Array("{\(JSON.string(specification.response.field).compact):".utf8)
        saysMedian = specification.needsMedian
        sigma = specification.errorMeasure == .sigma ? model.model.sigma : nil
        let said = JSON.object(
            [JSON.Member(specification.fields.modelTime, .string(modelTime))]
                + (sigma.map { [JSON.Member(ModelSpecification.sigmaField, JSON($0))] } ?? []))
        answerTail = [UInt8(ascii: ",")] + said.bytes.dropFirst()
        let levels = model.levels.count > 1 ? model.levels : []
        if specification.formula.factorColumns == [specification.factor?.name], specification.otherFactors.isEmpty {
            let unread = specification.factors.map { _ in "" }
            domain = (model.fallbacks.first?.model ?? model.model).applicabilityDomain(levels: unread)
            domains = levels.compactMap { model.model.applicabilityDomain(levels: [$0]) }
        } else {
            domain = nil
            domains = []
        }
        places = LevelPlaces(levels)
        plan = model.model.plan
        levelsByFolded = Dictionary(grouping: model.levels, by: \.foldedLevel)
        distinctLevels = Set(levelsByFolded.values.lazy.filter { $0.count == 1 }.joined())
    }

    /// Whether it is a level of the model that no other is similar to.
    package func isDistinct(_ level: String) -> Bool { distinctLevels.contains(level) }

    /// Another level, which the model knows and which differs from this one in case or surrounding space only.
    package func similarLevel(to level: String) -> String? {
        levelsByFolded[level.foldedLevel]?.first { !$0.utf8.elementsEqual(level.utf8) }
    }

    /// The member of an answer that points out such a level: `SimilarDistrict`.
    package var similarLevelField: String { model.specification.fields.similarLevel }

    /// The model's own levels that differ from one before them in case or surrounding space only.
    package var similarLevels: [String: String] {
        var similar: [String: String] = [:]
        for level in model.levels {
            if let other = similarLevel(to: level), other.utf8.lexicographicallyPrecedes(level.utf8) {
                similar[level] = other
            }
        }
        return similar
    }

    /// The level of the model that this one is where case and surrounding space do not count.
    func foldedLevel(_ level: String) -> String {
        model.levels.contains(level) ? level : similarLevel(to: level) ?? level.foldedLevel
    }

    /// The levels that these are where case and surrounding space do not count.
    package func folded(_ levels: [String]) -> [String] {
        zip(model.specification.factors, levels).map { factor, level in
            factor == model.specification.factor ? foldedLevel(level) : level.foldedLevel
        }
    }

    /// - Parameters:
    ///   - predictors: in the order of the specification.
    ///   - levels: the same, the grouping factor's first.
    /// - Returns: as `ModelVersion.estimate`.
    package func estimate(predictors: [Double], levels: [String]) -> ModelVersion.Estimate? {
        model.estimate(predictors: predictors, levels: levels)
    }

    /// The document of a prediction of which there is nothing to say but the estimate, put together without a JSON value;
    /// nil where there is more to say, or nothing.
    package func ordinaryAnswer(predictors: [Double], levels: [String]) -> [UInt8]? {
        guard !saysMedian, let value = ordinaryEstimate(predictors, levels), value.isFinite,
            !isExtrapolated(predictors: predictors, levels: levels)
        else { return nil }
        var body = answerHead
        body.reserveCapacity(answerHead.count + Self.valueBytesMax + answerTail.count)
        var text = value.javaText
        text.withUTF8 { unsafe body.append(contentsOf: $0) }
        body += answerTail
        return body
    }

    /// By the plan and not by the model, which would be copied; nil where a level was not seen.
    @inline(__always)
    private func ordinaryEstimate(_ predictors: [Double], _ levels: [String]) -> Double? {
        guard let value = plan.estimate(numbers: predictors, levels: levels),
            model.constantFactors.allSatisfy({ $0.knows(levels) })
        else { return nil }
        return model.isResponsePlain ? value : model.specification.formula.response.original(value)
    }

    /// `-1.7976931348623157E308`
    private static let valueBytesMax = 24

    /// Whether a measurement lies so far from what the model was fitted on that the estimate is an extrapolation.
    package func isExtrapolated(predictors: [Double], levels: [String]) -> Bool {
        domain(predictors: predictors, levels: levels).map { !$0.contains(predictors) } ?? false
    }

    /// Where the model may be relied on for rows of some levels; nil where nobody knows.
    @inline(__always)
    func domain(predictors: [Double], levels: [String]) -> ApplicabilityDomain? {
        if !domains.isEmpty, let place = places.place(of: levels[0]) { return domains[place] }
        if let domain { return domain }
        return model.fit(predictors: predictors, levels: levels)?
            .applicabilityDomain(numbers: predictors, levels: levels)
    }
}
