import Regression
import Specification

/// What the levels of a row decide of its prediction, looked up once for all rows that have them: which fit answers, what each
/// level adds, and which numbers it may be relied on for. Estimates then allocate nothing. A class, as `ServedModel` is.
package final class PreparedLevels: Sendable {
    private let plan: PredictionPlan
    private let fit: LinearModel
    /// Places of the levels, as the plan has them.
    private let codes: [Int]
    private let smearing: Smearing?
    private let response: Response
    private let isResponsePlain: Bool
    private let domain: ApplicabilityDomain?
    /// Of the fit.
    let sigma: Double?
    let degreesOfFreedom: Int
    /// The columns whose levels the rows of the fit did not hold.
    package let unseen: [String]

    fileprivate init?(_ served: ServedModel, predictors: [Double], levels: [String]) {
        guard let answering = served.model.answering(predictors: predictors, levels: levels),
            let codes = answering.fit.plan.codes(numbers: predictors, levels: levels)
        else { return nil }
        fit = answering.fit
        plan = fit.plan
        sigma = fit.sigma
        degreesOfFreedom = fit.degreesOfFreedom
        self.codes = codes
        smearing = answering.smearing
        response = served.model.specification.formula.response
        isResponsePlain = served.model.isResponsePlain
        domain = served.domain(predictors: predictors, levels: levels)
        unseen = answering.unseen
    }

    /// Room in which one row after the other is worked out.
    package struct Scratch: Sendable {
        fileprivate var basis: [Double] = []
        fileprivate var leverage = LinearModel.LeverageScratch()

        package init() {}
    }

    /// On the response's own scale, as `ModelVersion.estimate` gives them.
    package func estimate(_ predictors: [Double], _ scratch: inout Scratch) -> (value: Double, median: Double) {
        let value = plan.estimate(numbers: predictors, codes: codes, basis: &scratch.basis)
        guard !isResponsePlain else { return (value, value) }
        let median = response.original(value)
        return (smearing.map { $0.mean(value, by: response) } ?? median, median)
    }

    /// The same scale as that of `fitted`.
    func transformed(_ response: Double) -> Double {
        isResponsePlain ? response : self.response.transformed(response)
    }

    /// The estimate on the scale of the fit, and the leverage of the row.
    func fitted(_ predictors: [Double], _ scratch: inout Scratch) -> (estimate: Double, leverage: Double) {
        (
            plan.estimate(numbers: predictors, codes: codes, basis: &scratch.basis),
            fit.leverage(numbers: predictors, codes: codes, scratch: &scratch.leverage)
        )
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

// MARK: - Rows that come one by one

/// What was prepared for the levels of rows, for those that come again: a value, bounded in number and in bytes.
struct PreparedRows {
    private struct Key: Hashable {
        let level: String
        let otherLevels: [String]
        /// Of the predictors that are taken for levels.
        let numbers: [UInt64]
    }

    private static let countMax = 256
    private static let bytesMax = 4 << 20

    private let served: ServedModel
    private let levelPredictors: [Int]
    private var known: [Key: PreparedLevels?] = [:]
    private var bytes = 0
    /// A few that came last: to compare a key with these takes less than to hash it.
    private var latest: [(key: Key, prepared: PreparedLevels?)] = []
    private static let latestMax = 4

    init(_ served: ServedModel) {
        self.served = served
        levelPredictors = served.levelPredictors
    }

    /// Nil where the row has no estimate.
    mutating func prepared(for row: TrainingRows.Row) -> PreparedLevels? {
        let key = Key(
            level: row.level, otherLevels: row.otherLevels,
            numbers: levelPredictors.isEmpty ? [] : levelPredictors.map { row.predictors[$0].bitPattern })
        for place in latest.indices where latest[place].key == key { return latest[place].prepared }
        let prepared = looked(up: key, for: row)
        if latest.count == Self.latestMax { latest.removeAll(keepingCapacity: true) }
        latest.append((key, prepared))
        return prepared
    }

    private mutating func looked(up key: Key, for row: TrainingRows.Row) -> PreparedLevels? {
        if let known = known[key] { return known }
        if known.count >= Self.countMax || bytes > Self.bytesMax { (known, bytes) = ([:], 0) }
        let made = served.prepared(predictors: row.predictors, levels: row.levels(served.model.specification))
        known[key] = .some(made)
        bytes += made?.byteCount ?? 0
        return made
    }
}
