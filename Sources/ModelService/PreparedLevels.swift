import Regression
import Specification

/// What the levels of a row decide of its prediction, looked up once for all rows that have them: which fit answers, what each
/// level adds, and which numbers it may be relied on for. Estimates then allocate nothing. A class, as `ServedModel` is.
package final class PreparedLevels: Sendable {
    private let plan: PredictionPlan
    /// Places of the levels, as the plan has them.
    private let codes: [Int]
    private let smearing: Smearing?
    private let response: Response
    private let isResponsePlain: Bool
    private let domain: ApplicabilityDomain?
    /// The columns whose levels the rows of the fit did not hold.
    package let unseen: [String]

    fileprivate init?(_ served: ServedModel, predictors: [Double], levels: [String]) {
        guard let answering = served.model.answering(predictors: predictors, levels: levels),
            let codes = answering.fit.plan.codes(numbers: predictors, levels: levels)
        else { return nil }
        plan = answering.fit.plan
        self.codes = codes
        smearing = answering.smearing
        response = served.model.specification.formula.response
        isResponsePlain = served.model.isResponsePlain
        domain = served.domain(predictors: predictors, levels: levels)
        unseen = answering.unseen
    }

    /// Room in which one row after the other is worked out.
    package struct Scratch {
        fileprivate var basis: [Double] = []

        package init() {}
    }

    /// On the response's own scale, as `ModelVersion.estimate` gives them.
    package func estimate(_ predictors: [Double], _ scratch: inout Scratch) -> (value: Double, median: Double) {
        let value = plan.estimate(numbers: predictors, codes: codes, basis: &scratch.basis)
        guard !isResponsePlain else { return (value, value) }
        let median = response.original(value)
        return (smearing.map { $0.mean(value, by: response) } ?? median, median)
    }

    /// What it takes of its own, about.
    package var byteCount: Int { codes.count * 8 + (domain?.byteCount ?? 0) }

    /// As `ServedModel.isExtrapolated`.
    package func isExtrapolated(_ predictors: [Double], _ scratch: inout Scratch) -> Bool {
        domain.map { !$0.contains(predictors, basis: &scratch.basis) } ?? false
    }
}

extension ServedModel {
    /// - Parameters:
    ///   - predictors: of a row; of others only those may differ that `levelPredictors` does not name.
    ///   - levels: in the order of the specification, the grouping factor's first.
    /// - Returns: nil where such rows have no estimate.
    package func prepared(predictors: [Double], levels: [String]) -> PreparedLevels? {
        PreparedLevels(self, predictors: predictors, levels: levels)
    }

    /// The places of the predictors that the formula takes for levels.
    package var levelPredictors: [Int] {
        let specification = model.specification
        let columns = specification.formula.atoms.filter(\.isFactorOfNumbers).compactMap(\.factorColumn)
        return specification.predictors.indices.filter { columns.contains(specification.predictors[$0].name) }
    }
}
