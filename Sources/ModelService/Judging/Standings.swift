import Regression
import Specification

/// What contestants came to in a trial, beside the champion: a pure value.
struct Standings: Sendable {
    /// How far an error counts, in robust standard deviations of the least errors: beyond that a row is wrong for
    /// everybody, and by how much must not decide.
    private static let boundDeviations = 10.0
    /// Of the size of the responses: errors below that are rounding.
    private static let rounding = 1e-6

    let champion: Contestant?
    let candidates: [Contestant]
    let pool: RowPool
    let trial: Trial
    /// No error counts for more.
    let bound: Double
    /// A level with a mean error above this is wrong.
    let wrongFrom: Double
    /// By how much the bounded errors of each candidate are below the champion's. Without a champion, below the bound.
    let gains: [BlockedMean]
    /// The candidates, the greatest gain first.
    let order: [Int]

    init(_ champion: Contestant?, _ candidates: [Contestant], pool: RowPool, trial: Trial) {
        let all = (candidates + (champion.map { [$0] } ?? [])).map(\.errors)
        let least = (0..<trial.rows.count).compactMap { place in
            all.reduce(nil) { least, errors in
                errors[place].map { error in least.map { Swift.min($0, error) } ?? error } ?? least
            }
        }
        let deviation = least.robustDeviation
        let size = trial.scale.measure == .absolute ? trial.rows.map { abs(pool.response(of: $0)) }.mean : 1
        let bound = max(Self.boundDeviations * deviation, Self.rounding * size)
        let opponent = champion?.bounded(at: bound).errors ?? Array(repeating: bound, count: trial.rows.count)
        let gains = candidates.map { candidate in
            candidate.bounded(at: bound).gain(on: opponent, block: trial.blockCount)
        }
        self.champion = champion
        self.candidates = candidates
        self.pool = pool
        self.trial = trial
        self.bound = bound
        wrongFrom = trial.scale.measure.wrongFrom(deviation: deviation)
        self.gains = gains
        order = gains.indices.sorted { gains[$0].mean > gains[$1].mean }
    }

    /// Whether a candidate is better than the champion by more than rounding. What knows a level more need not be better:
    /// of the level's first row or two nobody can tell how well it is known, and for the others chance is allowed for.
    func isBetter(_ place: Int) -> Bool {
        gains[place].mean > (isNewLevelKnown(to: place) ? -gains[place].standardError : 1e-6 * bound)
    }

    private func isNewLevelKnown(to place: Int) -> Bool {
        guard let champion, !candidates[place].levels.isSubset(of: champion.levels) else { return false }
        return trial.rows.contains { row in
            let level = pool.level(of: row)
            return candidates[place].levels.contains(level) && !champion.levels.contains(level)
        }
    }

    /// Of those whose errors are within a standard error of the best one's, the one that was fitted on the most rows.
    func mostRows(near best: Int, among places: [Int]) -> Int {
        let errors = candidates[best].bounded(at: bound).errors
        return places.filter { place in
            let loss = candidates[place].bounded(at: bound).gain(on: errors, block: trial.blockCount)
            return place == best || -loss.mean <= loss.standardError
        }.max { candidates[$0].fitted < candidates[$1].fitted } ?? best
    }

    /// Levels that a candidate would price wrong and the champion gets right.
    func levelsWrong(_ place: Int) -> [String] {
        levels(place).filter { _, errors in
            errors.rows >= Judgement.levelRowsMin && errors.challenger > wrongFrom
                && errors.champion <= wrongFrom
        }.map(\.level)
    }

    /// The errors of a candidate and the champion on the rows of which both can say something.
    func levels(_ place: Int) -> [(level: String, errors: Judgement.Errors)] {
        guard let champion else { return [] }
        var levels: [(level: String, errors: Judgement.Errors)] = []
        // A dictionary asked for each row would take longer than all the rest. It is for two spellings of one text.
        var places = Array(repeating: -1, count: pool.design.levelCount)
        var placesByName: [String: Int] = [:]
        for (row, (error, other)) in zip(trial.rows, zip(candidates[place].errors, champion.errors)) {
            guard let error, let other else { continue }
            let code = pool.design.level(of: row)
            if places[code] < 0 {
                let level = pool.level(of: row)
                places[code] = placesByName[level] ?? levels.count
                placesByName[level] = places[code]
                if places[code] == levels.count { levels.append((level, Judgement.Errors())) }
            }
            levels[places[code]].errors.add(challenger: error, champion: other)
        }
        return levels.sorted { $0.level.utf8.lexicographicallyPrecedes($1.level.utf8) }
    }
}

extension Contestant {
    /// How far its errors lie below those of another; less what it promises more than fits on so few rows have held.
    fileprivate func gain(on other: [Double?], block: Int) -> BlockedMean {
        let differences = zip(other, errors).compactMap { other, own in
            other.flatMap { other in own.map { other - $0 } }
        }
        let promise = max(0, (past ?? 0) - mean)
        return BlockedMean(differences, block: block).less(promise)
    }
}

extension BlockedMean {
    fileprivate func less(_ amount: Double) -> BlockedMean {
        BlockedMean(mean: mean - amount, standardError: standardError)
    }

    private init(mean: Double, standardError: Double) {
        self.mean = mean
        self.standardError = standardError
    }
}
