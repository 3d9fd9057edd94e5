import Documents
import Regression
import Threading

/// Who may serve: the champion, models that served before it, and challengers, fitted on rows by one choice or by several.
/// A pure value; docs/gate.md has its rule on a page.
struct Contest: Sendable {
    let pool: RowPool
    let champion: ModelVersion?
    /// Newest first.
    let former: [ModelVersion]
    let choice: RowChoice
    let reason: TrainingReason

    /// Of a trial in which models that served may come back: fewer rows are too few to tell them by.
    private static let formerRowsMin = 5
    /// A fit on more than this many times the rows since the change hardly knows of the change.
    private static let dilutionMax = 8

    func judgement() -> Judgement {
        let trial = Trial(pool, champion: champion, reason: reason, choice: choice)
        ThreadPriority.giveWay()
        let challengers = challengers(in: trial)
        ThreadPriority.giveWay()
        let former = formerContestants(in: trial)
        ThreadPriority.giveWay()
        let standings = lookedBack(
            Standings(
                champion.map { Contestant(.champion, $0, trial: trial) }, challengers + former, pool: pool, trial: trial
            ),
            challengers: challengers.indices)
        let chosen = winner(among: standings)
        // A refused training leaves a model too, which can be activated by hand: the best challenger.
        guard let shown = chosen ?? standings.order.first(where: { $0 < challengers.count }) else {
            return Judgement(tooFewIn: smallestFit, of: self, standings)
        }
        return Judgement(of: self, standings, chosen: shown, hasWon: chosen != nil)
    }

    // MARK: - Who competes

    private func challengers(in trial: Trial) -> [Contestant] {
        let known = Set(champion?.levels ?? [])
        var choices = choice.alternatives(available: pool.count, levels: pool.design.levelCount)
        let since = isChangeKnown && !trial.isForward || isChangeKnown && choice == .auto ? trial.rows.count : nil
        if let since, choice == .auto, !trial.isForward {
            choices = choices.filter { alternative in
                guard case .newest(let count) = alternative else { return true }
                return since <= count && count < Self.dilutionMax * since
            }
        }
        let fits = choices.compactMap {
            Contestant($0, isSinceChange: false, pool: pool, trial: trial, knownLevels: known)
        }
        let fresh = since.flatMap {
            Contestant(.newest($0), isSinceChange: true, pool: pool, trial: trial, knownLevels: known)
        }
        // A fit on the rows since the change must not win where it would forget a level that another fit knows.
        let kept = known.intersection(fits.reduce(into: []) { $0.formUnion($1.levels) })
        return (fresh.map { kept.isSubset(of: $0.levels) ? [$0] : [] } ?? []) + fits
    }

    private var isChangeKnown: Bool {
        if case .change(let time, isEstimated: true) = reason { pool.firstPlace(since: time) != nil } else { false }
    }

    private func formerContestants(in trial: Trial) -> [Contestant] {
        guard champion != nil, trial.rows.count >= Self.formerRowsMin else { return [] }
        return former.map { Contestant(.former($0.version), $0, trial: trial) }
    }

    /// The standings by what challengers promise in a trial that is too short to tell, where that decides. It only speaks
    /// against them, and takes as long as all the rest: one that has lost alone is not asked.
    private func lookedBack(_ standings: Standings, challengers: Range<Int>) -> Standings {
        let trial = standings.trial
        guard !trial.isForward, challengers.count > 1 || challengers.contains(where: standings.isBetter) else {
            return standings
        }
        ThreadPriority.giveWay()
        let candidates = standings.candidates.map { $0.lookingBack(pool: pool, trial: trial) }
        return Standings(standings.champion, candidates, pool: pool, trial: trial)
    }

    // MARK: - Who wins

    /// - Returns: its place among the candidates; nil where the champion stays.
    private func winner(among standings: Standings) -> Int? {
        // A model that served before was not fitted to what has come since: where it is wrong on a level, it does not come
        // back.
        let better = standings.order.filter { standings.isBetter($0) && !isFormerAndWrong($0, in: standings) }
        // One that is wrong on a level that the champion gets right gives way to others, but not to what is worse for all.
        let right = better.filter { standings.levelsWrong($0).isEmpty }
        guard let best = right.first ?? better.first else { return nil }
        let chosen = standings.mostRows(near: best, among: right)
        // Nobody asked for a check on a schedule: a fit on fewer rows than the champion's has to be better beyond chance.
        let isSmaller = standings.candidates[chosen].fitted < champion?.rows ?? 0
        let margin = reason == .schedule && isSmaller ? standings.gains[chosen].standardError : 0
        return margin == 0 || standings.gains[chosen].mean > margin ? chosen : nil
    }

    private func isFormerAndWrong(_ place: Int, in standings: Standings) -> Bool {
        guard case .former = standings.candidates[place].kind else { return false }
        return !standings.levelsWrong(place).isEmpty
    }

    typealias SmallestFit = (fit: (places: ArraySlice<Int>, gross: Int), coefficients: Int)

    /// Of the fits that the choice stands for, gross rows and all.
    var smallestFit: SmallestFit {
        let places = choice.alternatives(available: pool.count, levels: pool.design.levelCount)[0]
            .places(in: pool, before: pool.count)
        return ((places, 0), places.isEmpty ? 1 : pool.design.fit(places).coefficientCount)
    }
}
