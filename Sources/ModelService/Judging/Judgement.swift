import Regression
import Specification

/// Which model is to serve from now on, and why: a pure value, made by a `Contest`. What counts is the mean error
/// by the measure of the specification.
struct Judgement: Sendable {
    enum Reason: String, Sendable {
        /// There is no champion.
        case first
        case better
        /// A model that served before is.
        case earlierBetter = "earlier_better"
        case notBetter = "not_better"
        case tooFewRows = "too_few_rows"
    }

    /// Mean errors on the same rows.
    struct Errors: Sendable, Equatable {
        private(set) var rows = 0
        private var challengerSum = 0.0
        private var championSum = 0.0

        var challenger: Double { rows == 0 ? 0 : challengerSum / Double(rows) }
        var champion: Double { rows == 0 ? 0 : championSum / Double(rows) }

        mutating func add(challenger: Double, champion: Double) {
            rows += 1
            challengerSum += challenger
            championSum += champion
        }
    }

    /// Of a level of which it can be said that a challenger is wrong: one row or two decide nothing.
    static let levelRowsMin = 3
    /// What a coefficient needs at least, or the errors say nothing.
    static let rowsPerCoefficient = 2

    let reason: Reason
    /// For people: the figures that decided.
    let detail: String
    let standings: Standings
    /// The one that won, or else the best of the challengers; nil where there is none.
    let chosen: Int?
    /// The rows of the challenger's fit, as places in the pool, and how many gross ones are not among them.
    let fit: (places: ArraySlice<Int>, gross: Int)
    /// How many rows are missing to the first challenger; nil where there is one.
    var rowsMissing: Int?
    /// How many of the trial's rows the champion was fitted on too.
    let rowsOfChampion: Int

    var isAccepted: Bool { reason == .first || reason == .better }

    /// The version that is to serve again, where one that served before has won.
    var earlier: String? {
        guard reason == .earlierBetter, let chosen, case .former(let version) = standings.candidates[chosen].kind else {
            return nil
        }
        return version
    }

    init(of contest: Contest, _ standings: Standings, chosen: Int, hasWon: Bool) {
        let candidate = standings.candidates[chosen]
        self.standings = standings
        self.chosen = chosen
        switch candidate.kind {
        case .challenger(_, _, let places, let gross):
            fit = (places, gross)
            reason = contest.champion == nil ? .first : hasWon ? .better : .notBetter
        case .former, .champion:
            let best = standings.order.lazy.compactMap { standings.candidates[$0].fit }.first
            fit = best ?? contest.smallestFit.fit
            reason = .earlierBetter
        }
        detail = contest.champion == nil ? "no model served before" : standings.text(chosen)
        rowsOfChampion = contest.rowsOfChampion(in: standings.trial)
    }

    init(tooFewIn smallest: Contest.SmallestFit, of contest: Contest, _ standings: Standings) {
        let needed = Self.rowsPerCoefficient * smallest.coefficients
        reason = contest.champion == nil ? .first : .tooFewRows
        detail =
            contest.champion == nil
            ? "no model served before"
            : "\(smallest.fit.places.count) rows for \(smallest.coefficients) coefficients; needed: \(needed)"
        fit = smallest.fit
        rowsMissing = max(1, needed - smallest.fit.places.count)
        chosen = nil
        self.standings = standings
        rowsOfChampion = contest.rowsOfChampion(in: standings.trial)
    }
}

extension Contestant {
    fileprivate var fit: (places: ArraySlice<Int>, gross: Int)? {
        if case .challenger(_, _, let places, let gross) = kind { (places, gross) } else { nil }
    }
}

extension Contest {
    fileprivate func rowsOfChampion(in trial: Trial) -> Int {
        guard let champion else { return 0 }
        return trial.judged.count { champion.rowMarks.contains($0.mark) }
    }
}

// MARK: - Words

extension Standings {
    /// `mean error 2.1 % against 43.1 % on 50 rows`, and what decided where that is not the same.
    fileprivate func text(_ place: Int) -> String {
        let errors = overall(place)
        let bounded = gains[place].mean
        let text = trial.scale.measure.text
        let all = "mean error \(text(errors.challenger)) against \(text(errors.champion)) on \(errors.rows) rows"
        guard bounded > 0 else { return all + "; with bounded errors \(text(-bounded)) worse" }
        let wrong = levelsWrong(place)
        return all + "; with bounded errors \(text(bounded)) better"
            + (wrong.isEmpty ? "" : "; wrong on \(wrong.joined(separator: ", "))")
    }

    func overall(_ place: Int) -> Judgement.Errors {
        guard let champion else { return Judgement.Errors() }
        return zip(candidates[place].errors, champion.errors).reduce(into: Judgement.Errors()) { errors, pair in
            guard let own = pair.0, let other = pair.1 else { return }
            errors.add(challenger: own, champion: other)
        }
    }
}
