package import Documents
import Regression
package import Specification

/// What a row must be like to be recorded, trained on and held against a model, whoever wrote it: value by value, for rows
/// that come one by one and for columns alike.
package struct RowRule: Sendable {
    /// The server's clock, and by how much a row's time may be ahead of it: the clocks of machines differ a little.
    package struct Clock: Sendable, Equatable {
        package let now: Timestamp
        package let secondsAheadMax: Int

        package init(now: Timestamp, secondsAheadMax: Int) {
            self.now = now
            self.secondsAheadMax = secondsAheadMax
        }

        package var latest: Timestamp { now.advanced(byMilliseconds: Int64(secondsAheadMax) * 1000) }

        /// What is admitted, for messages.
        var accepted: String { "a time at most \(secondsAheadMax) s ahead of the server's clock, which says \(now)" }
    }

    package let specification: ModelSpecification
    /// Nil where any time will do.
    package let clock: Clock?
    /// Whether levels are one that differ in case or surrounding space only.
    package let foldsCase: Bool
    /// Whether values must lie within the bounds of the specification.
    private let isBounded: Bool
    /// Of the predictors, and whether a response may be 0 or below: asked for every row, so looked up once.
    private let bounds: [Bounds]
    private let needsPositiveResponse: Bool
    private let hasGroups: Bool
    private let latest: Timestamp?
    private let otherFactorCount: Int
    private let isResponsePlain: Bool
    let takesNumbersAsTheyAre: Bool

    package init(_ specification: ModelSpecification, clock: Clock? = nil, foldsCase: Bool = false) {
        self.init(specification, clock: clock, foldsCase: foldsCase, isBounded: true)
    }

    /// For rows that somebody chose to be fitted: what a fit makes numbers of, in whatever range.
    package static func anyRange(_ specification: ModelSpecification) -> RowRule {
        RowRule(specification, clock: nil, foldsCase: false, isBounded: false)
    }

    private init(_ specification: ModelSpecification, clock: Clock?, foldsCase: Bool, isBounded: Bool) {
        self.specification = specification
        self.clock = clock
        self.foldsCase = foldsCase
        self.isBounded = isBounded
        bounds = specification.predictors.map(\.bounds)
        needsPositiveResponse = specification.errorMeasure == .relative
        hasGroups = specification.factor != nil
        latest = clock?.latest
        otherFactorCount = specification.otherFactors.count
        isResponsePlain = specification.formula.response.isPlain
        takesNumbersAsTheyAre = specification.formula.takesNumbersAsTheyAre
    }

    /// What a fit makes of those rows that are usable.
    func rows(_ observations: [Observation]) -> [TrainingRows.Row] {
        let given = observations.span
        var rows: [TrainingRows.Row] = []
        rows.reserveCapacity(given.count)
        for number in given.indices { if let row = row(given[number]) { rows.append(row) } }
        return rows
    }

    /// What a fit makes of the row; nil where the row is not usable.
    @inline(__always)
    package func row(_ observation: borrowing Observation) -> TrainingRows.Row? {
        guard let response = observation.actual, admits(response: response),
            isInTime(observation.timestamp), let predictors = predictors(observation.predictors),
            let level = hasGroups ? counted(observation.level, factor: 0) : observation.level,
            let otherLevels = otherLevels(observation.otherLevels)
        else { return nil }
        return TrainingRows.Row(predictors: predictors, level: level, otherLevels: otherLevels, response: response)
    }

    /// Not by `map`, which copies the rule for each row.
    private func isInTime(_ time: Timestamp?) -> Bool {
        guard let time else { return true }
        return admits(time)
    }

    private func predictors(_ given: [Double?]) -> [Double]? {
        var predictors: [Double] = []
        predictors.reserveCapacity(given.count)
        for place in given.indices {
            guard let predictor = given[place], admits(predictor, asPredictor: place) else { return nil }
            predictors.append(predictor)
        }
        return isDefined(predictors) ? predictors : nil
    }

    private func otherLevels(_ given: [String?]) -> [String]? {
        guard given.count == otherFactorCount else { return nil }
        var levels: [String] = []
        for (place, level) in given.enumerated() {
            guard let level = counted(level, factor: hasGroups ? place + 1 : place) else {
                return nil
            }
            levels.append(level)
        }
        return levels
    }

    private func counted(_ level: String?, factor place: Int) -> String? {
        guard let level else { return nil }
        let counted = foldsCase ? level.foldedLevel : level
        return admits(level: counted, ofFactor: place) ? counted : nil
    }

    /// The observation with the levels that it counts as.
    package func folded(_ observation: Observation) -> Observation {
        guard foldsCase else { return observation }
        var folded = observation
        folded.level = observation.level?.foldedLevel
        folded.otherLevels = observation.otherLevels.map { $0?.foldedLevel }
        return folded
    }
}

// MARK: - Values

extension RowRule {
    func admits(response: Double) -> Bool {
        response.isFinite && (!needsPositiveResponse || response > 0)
            && (!isBounded || specification.response.bounds.contains(response))
            && (isResponsePlain || (specification.formula.response.transformed(response) as Double).isFinite)
    }

    func admits(_ number: Double, asPredictor place: Int) -> Bool {
        number.isFinite && (!isBounded || bounds[place].contains(number))
    }

    /// Whether all that the formula makes of a row's numbers is a number.
    func isDefined(_ numbers: [Double]) -> Bool {
        takesNumbersAsTheyAre || specification.formula.isDefined(numbers: numbers, row: specification.row)
    }

    /// - Parameters:
    ///   - level: as it counts.
    ///   - place: among all factors.
    func admits(level: String, ofFactor place: Int) -> Bool {
        !isBounded || specification.factors[place].admits(level)
    }

    /// Rows without a time, which only others write, are of any.
    func admits(_ time: Timestamp) -> Bool { latest.map { time <= $0 } ?? true }
}

extension String {
    /// The one spelling of all that differ in case or surrounding space only.
    var foldedLevel: String {
        let text = lowercased()
        guard text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
        let start = text.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? text
    }
}
