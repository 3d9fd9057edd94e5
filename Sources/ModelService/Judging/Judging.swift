import Documents
import Specification

/// What is counted of the model that serves, from its going into service on: a value.
///
/// The rows in the store are its state. Nothing else is written, so a server that starts anew reads them again and comes
/// to the same counts, and servers that share a store all count the rows that came to any of them.
struct Judging: Sendable {
    let model: ServedModel?
    let deployment: ServingState.Deployment?
    private(set) var coverage: Coverage?
    private(set) var rollingError = RollingError()
    private(set) var probation: Probation?
    private(set) var verdict = Verdict.undecided
    /// Up to which row the store has been counted; nil until that is known.
    private(set) var place: StorePlace?
    /// Levels that the model has not seen, but one that differs from them in case or surrounding space only.
    private(set) var strangers: [String: String] = [:]

    private static let strangersMax = 20
    /// Levels that were looked at.
    private var noted = RecentLevels()

    /// Where there is a model, what it says of rows.
    private var prepared: PreparedRows?
    private var scratch = PreparedLevels.Scratch()
    private let scale: ErrorScale?

    /// What the first rows say of a model on probation.
    enum Verdict: Sendable {
        case undecided, passed
        case failed(Probation)
    }

    /// - Parameters:
    ///   - deployment: nil where servers have agreed on nothing yet.
    ///   - parent: that the model must do better than, where it is on probation.
    init(_ model: ServedModel?, _ deployment: ServingState.Deployment? = nil, after parent: ServedModel? = nil) {
        self.model = model
        self.deployment = deployment
        coverage = model.map(Coverage.init)
        prepared = model.map(PreparedRows.init)
        scale = model.map { $0.model.specification.errorScale(sigma: $0.model.model.positiveSigma) }
        place = deployment?.since
        if let model, let parent { probation = Probation(of: model, after: parent) }
    }

    /// Where the place was not noted, counting begins here.
    mutating func begin(at place: StorePlace) { self.place = self.place ?? place }

    var hasPassed: Bool { if case .passed = verdict { true } else { false } }

    /// Takes rows that were just written, where the store knows that none lie between these and those that are counted.
    /// - Returns: false where they must be read from the store.
    mutating func take(_ rows: [TrainingRows.Row], in span: StoreSpan) -> Bool {
        guard place ?? span.start == span.start else { return false }
        observe(rows)
        place = span.end
        return true
    }

    /// Takes what was read from the store.
    mutating func take(_ rows: [TrainingRows.Row], upTo end: StorePlace) {
        observe(rows)
        place = end
    }

    /// Takes rows that lie before the place: reading on from there would never meet them.
    mutating func observe(_ rows: [TrainingRows.Row]) {
        for row in rows {
            hold(row)
            note(row.level)
            guard var probation else { continue }
            let outcome = probation.observe(row)
            self.probation = outcome == .undecided ? probation : nil
            switch outcome {
            case .undecided: break
            case .passed: verdict = .passed
            case .failed: verdict = .failed(probation)
            }
        }
    }

    /// Holds the row against the model, unless it was among those of its fit.
    private mutating func hold(_ row: TrainingRows.Row) {
        guard let model, let scale, !model.model.rowMarks.contains(row.mark),
            let prepared = prepared?.prepared(for: row)
        else { return }
        coverage?.observe(row, by: prepared, &scratch)
        // The median, whatever the specification asks for: as of fits that compete.
        let estimate = prepared.estimate(row.predictors, &scratch).median
        rollingError.observe(scale.honestError(of: estimate, actual: row.response))
    }

    /// That the model stays is agreed on.
    func afterProbation(_ deployment: ServingState.Deployment) -> Judging {
        var next = Judging(model, deployment)
        next.coverage = coverage
        next.rollingError = rollingError
        next.place = place
        next.strangers = strangers
        return next
    }

    private mutating func note(_ level: String) {
        guard noted.insert(level), strangers.count < Self.strangersMax, strangers[level] == nil, let model,
            !model.model.levels.contains(level), let known = model.similarLevel(to: level)
        else { return }
        strangers[level] = known
    }
}
