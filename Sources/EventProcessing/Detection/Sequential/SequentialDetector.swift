package import Documents
import Regression

/// Judges each evaluation as it comes, each level by itself and all together.
///
/// An error becomes its rank among the errors known of its level, the rank a score by the normal quantile, and the scores
/// the evidence for a change (`EvidenceSums`), which is an alarm when it reaches the stated number of rows between false
/// ones. Ranks make it blind to the shape of the errors; what neighbours share is divided out (`Autocorrelation`).
///
/// What is normal is what the model promised when it was judged good, and the rows since. An alarm ends that, and opens a
/// need for a refit, which stays until it is answered for good (`RefitNeed`). A level that the model has not seen needs no
/// test. Where nothing is found, a check is asked for on a schedule.
package struct SequentialDetector: DriftDetector {
    /// Levels beyond these are not watched, for each takes some 2 kB.
    static let levelsMax = 1000

    /// Who has something to ask of the model server.
    enum Asker: Equatable {
        case level(Int)
        case stream
        case schedule
    }

    let rules: SequentialRules
    package private(set) var model: ModelStatement? { didSet { promise = model.flatMap { ModelPromise($0) } } }
    private var promise: ModelPromise?
    private var places: [String?: Int] = [:]
    /// In the order in which they were first seen.
    var levels: [LevelWatch] = []
    var stream = StreamWatch()
    /// Within the levels.
    var autocorrelation = Autocorrelation()
    var schedule = CheckSchedule()
    /// Whose time to ask has come, in that order; one asks with each row.
    var waiting: [Asker] = []
    /// Who asked last and has no answer.
    var asked: Asker?
    var retry: RetryTime?
    /// How often in a row that time had come, and the server put the question off again.
    var retries = 0
    var rowCount = 0
    var latest = Timestamp(milliseconds: .min)

    package init(_ rules: SequentialRules) { self.rules = rules }

    package var needsStatement: Bool { true }
    package var lateCount: Int { 0 }

    package var levelStandings: [LevelStanding] {
        levels.map { watch in
            LevelStanding(
                level: watch.level, state: watch.need == nil && stream.need == nil ? .watching : .asking,
                evidence: watch.sums.mean / rules.falseAlarmInterval)
        }
    }

    /// Nothing to do: the evidence begins anew, so what the other run found is not reported again.
    package mutating func resume(at time: Timestamp) {}

    package mutating func observe(_ evaluation: Evaluation) -> [DriftChange] {
        // The model may have been replaced between its answer and its statement. Not every prediction tells its model.
        let isOfThisModel =
            model == nil || evaluation.modelTime == nil || evaluation.modelTime == model?.modelTime
        return follow(evaluation, isOfThisModel: isOfThisModel)
    }

    package mutating func pass(_ evaluation: Evaluation) -> [DriftChange] {
        follow(evaluation, isOfThisModel: false)
    }

    private mutating func follow(_ evaluation: Evaluation, isOfThisModel: Bool) -> [DriftChange] {
        guard let predicted = evaluation.predicted, let actual = evaluation.actual,
            case let error = actual - predicted, error.isFinite
        else { return [] }
        rowCount += 1
        latest = max(latest, evaluation.time)
        let row = ObservedRow(
            number: rowCount, identifier: evaluation.identifier, time: evaluation.time, error: evaluation.error)
        schedule.add(row)
        if stream.need.take(row) { wait(.stream) }
        if let place = place(of: evaluation.level) {
            levels[place].latestRow = row.number
            if levels[place].need.take(row) { wait(.level(place)) }
            if isOfThisModel {
                if evaluation.isLevelSeen {
                    judge(error, of: predicted, at: place, row)
                } else if levels[place].need == nil {
                    levels[place].need = RefitNeed(unseen: row)
                }
            }
        }
        return ask()
    }

    private mutating func place(of level: String?) -> Int? {
        if let place = places[level] { return place }
        guard levels.count < Self.levelsMax else { return nil }
        places[level] = levels.count
        levels.append(LevelWatch(level, promiseWeight: promise?.weight ?? ModelPromise.weightMin))
        return levels.count - 1
    }
}

// MARK: - Errors

extension SequentialDetector {
    private mutating func judge(_ error: Double, of predicted: Double, at place: Int, _ row: ObservedRow) {
        guard let promise else { return }
        let sigmas = promise.standardised(error, of: predicted)
        let bin = ErrorBins.bin(of: sigmas)
        let isResting = levels[place].need?.isUnanswered == true || stream.need?.isUnanswered == true
        let rank = isResting ? nil : levels[place].reference.rank(of: bin, promise)
        levels[place].reference.take(bin)
        guard let rank else { return }
        let score = NormalQuantile.of(rank.value)
        let gross = promise.grossFrom.flatMap { GrossBet.side(sigmas, rank, from: $0) }
        autocorrelation.add(score, after: levels[place].scores)
        levels[place].scores.add(score)
        levels[place].sums.add(
            score, power: 1 / (autocorrelation.inflation * rank.inflation), gross: gross, row)
        stream.autocorrelation.add(score, after: stream.scores)
        stream.scores.add(score)
        // With one level only it would repeat what that level says.
        if levels.count > 1 {
            stream.sums.add(
                score, power: 1 / (stream.autocorrelation.inflation * rank.inflation), gross: gross, row)
        }
        raiseAlarms(at: place, row)
    }

    private mutating func raiseAlarms(at place: Int, _ row: ObservedRow) {
        let coefficients = model?.coefficients ?? 0
        if levels[place].sums.mean >= rules.falseAlarmInterval, let change = levels[place].sums.change {
            levels[place].need = RefitNeed(errorsOf: change, row, coefficients: coefficients)
            levels[place].forgetReference()
            // The same rows must not count as evidence again in the other sums.
            stream.forgetEvidence()
            wait(.level(place))
        } else if stream.sums.mean >= rules.falseAlarmInterval, let change = stream.sums.change {
            stream.need = RefitNeed(errorsOf: change, row, coefficients: coefficients)
            stream.forgetEvidence()
            for place in levels.indices { levels[place].forgetReference() }
            wait(.stream)
        }
    }

    /// What another detector knew.
    mutating func know(_ model: ModelStatement?, levels: [LevelWatch]) {
        self.model = model
        self.levels = levels
        for (place, watch) in levels.enumerated() { places[watch.level] = place }
    }

    package mutating func restart(for model: ModelStatement?) {
        self.model = model
        let weight = promise?.weight ?? ModelPromise.weightMin
        for place in levels.indices { levels[place].restart(promiseWeight: weight) }
        stream.restart()
        schedule = CheckSchedule()
        (waiting, asked, retry) = ([], nil, nil)
    }
}
