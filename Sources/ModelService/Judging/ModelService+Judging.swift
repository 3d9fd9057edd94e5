import Dispatch
package import Documents
import Regression
import Specification
import Synchronization
import Threading

extension ModelService {
    /// How often the truth lay within the intervals of the model that serves; nil without a model.
    package var coverage: Coverage? { judging.withLock(\.coverage) }

    /// What was taken back, where the model serves again because of that; nil otherwise.
    package var rollback: JSON? { judging.withLock { $0.deployment?.rollback } }

    /// The levels of rows that differ in case or surrounding space only from one that the model knows.
    package var strangers: [String: String] { judging.withLock(\.strangers) }

    /// How many rows are read at once.
    private static let pageRows = 10_000
    /// How many pages one call reads, so that nobody waits for a recount of very many rows.
    static let pagesPerCall = 4

    /// Where nobody knows from which row on the model is counted, it is from now on.
    private func beginJudging() {
        let begun = judging.withLock { $0 }
        guard begun.model != nil, begun.place == nil, let end = endOfRows else { return }
        judging.withLock { held in
            if held.deployment == begun.deployment, held.model === begun.model { held.begin(at: end) }
        }
    }

    /// Holds rows against the model that serves, and goes back to its parent where it has failed.
    /// - Parameters:
    ///   - written: that were new in the store.
    ///   - before: what was judged before they were written.
    func judge(_ written: [Observation], in span: StoreSpan?, before: Judging) {
        guard before.model != nil else { return }
        reading.withLock { _ in
            let rule = rowRule
            let judged = judging.withLock { $0 }
            var next = judged
            if let span, next.take(rule.rows(written), in: span) { return keep(next, insteadOf: judged) }
            // In a store that does not know in which order rows were written. It has just answered, so it can be asked.
            guard let place = before.place else { return beginJudging() }
            next.observe(rule.rows(written.filter(place.isPast)))
            keep(next, insteadOf: judged)
            readOn(pagesMax: Self.pagesPerCall)
        }
        act(isFirst: !before.hasPassed)
    }

    /// Counts the rows that other servers, or others still, have written. Where the store is away, the next call does it.
    package func catchUp(pagesMax: Int) {
        beginJudging()
        for _ in 0..<pagesMax {
            guard !isClosed.load(ordering: .acquiring), reading.withLock({ _ in readOn(pagesMax: 1) }) else { break }
        }
        act(isFirst: true)
    }

    /// - Returns: whether there may be more.
    @discardableResult
    private func readOn(pagesMax: Int) -> Bool {
        for _ in 0..<pagesMax {
            let rule = rowRule
            let judged = judging.withLock { $0 }
            guard judged.model != nil, let place = judged.place,
                let page = try? store.rows(after: place, notAfter: rule.clock?.latest, limit: Self.pageRows)
            else { return false }
            let rows = rule.rows(page.rows)
            guard page.end != place || !rows.isEmpty else { return false }
            var next = judged
            next.take(rows, upTo: page.end)
            keep(next, insteadOf: judged)
            // Full pages are a recount of what was there before.
            if !page.isFull { tellNew(page.rows) }
            guard page.isFull else { return false }
        }
        return true
    }

    /// It was counted on a copy, so that nobody who asks had to wait. It is void where another model serves meanwhile.
    private func keep(_ next: Judging, insteadOf judged: Judging) {
        judging.withLock { held in
            if held.deployment == judged.deployment, held.model === judged.model { held = next }
        }
    }

    /// Does what the first rows of a model on probation ask for. Where the models are away, the next row does it, but for
    /// a model that stays: that is tried again beside the calls.
    private func act(isFirst: Bool) {
        switch judging.withLock(\.verdict) {
        case .undecided: return
        case .failed(let failed): rollBack(failed)
        case .passed: if isFirst { try? changing { () throws(StoreError) in try endProbation() } }
        }
    }
}

// MARK: - What follows

extension ModelService {
    /// When it returns, the parent serves, and would after a restart; or the log says why not yet.
    private func rollBack(_ failed: Probation) {
        var model = failed.champion.model
        do throws(StoreError) {
            guard try changing({ () throws(StoreError) in try takeBack(failed) }) else { return }
        } catch {
            return log("\(model.version) should be rolled back, \(failed.text), but: \(error)")
        }
        log("rolled back \(model.version) to its parent: \(failed.text)")
        tell(.rolledBack(version: model.version, detail: failed.text))
        model.state = .rolledBack
        model.verdict = .object((model.verdict.members ?? []) + [.init("rollback", failed.document)])
        do throws(StoreError) {
            try models.save(model)
        } catch {
            log("the document of \(model.version) does not say that it was rolled back: \(error)")
        }
    }

    /// - Returns: false where the model serves no more, or another server was faster to change that.
    private func takeBack(_ failed: Probation) throws(StoreError) -> Bool {
        try refresh()
        // Read before the model, so that a change made meanwhile is not undone.
        let state = self.state
        let judged = judging.withLock { $0 }
        guard let deployment = state.deployment, deployment.isOnProbation, judged.deployment == deployment,
            judged.model === failed.champion
        else { return false }
        var next = state.successor
        next.activate(failed.parent.version, since: judged.place, rollback: failed.rollback)
        next.forget(failed.champion.version)
        return try agree(on: next, serving: Successor(model: failed.parent))
    }

    /// That a model has passed is agreed on too, lest rows that come late, with early times, decide again after a restart.
    private func endProbation() throws(StoreError) {
        try refresh()
        let state = self.state
        guard let deployment = state.deployment, deployment.isOnProbation,
            judging.withLock(\.deployment) == deployment
        else { return }
        var next = state.successor
        next.endProbation()
        guard try agree(on: next), let agreed = next.deployment else { return }
        judging.withLock { if $0.deployment == deployment { $0 = $0.afterProbation(agreed) } }
    }
}

/// What takes the place of the model that serves.
struct Successor: Sendable {
    let model: ServedModel
    /// That it must do better than, where it is on probation.
    var parent: ServedModel?
}

extension ModelVersion {
    /// - Parameters:
    ///   - champion: the model that served when it was judged.
    ///   - isForced: whether it serves although the judgement says no.
    mutating func take(_ judgement: Judgement, champion: ModelVersion?, isForced: Bool) {
        let isOverruled = isForced && !judgement.isAccepted
        state = judgement.isAccepted || isOverruled ? .served : .refused
        let lost = undetermined.filter { !(champion?.undetermined.contains($0) ?? true) }
        verdict = .object(
            (judgement.document(factor: specification.groupName).members ?? [])
                + (lost.isEmpty ? [] : [.init("undetermined", .array(lost.map { .string($0) }))])
                + (isOverruled ? [.init("forced", true)] : []))
    }

    /// The names of the columns that the rows do not tell from the others, whose effects these carry.
    private var undetermined: [String] { model.coefficients.filter { $0.estimate == nil }.map(\.name) }
}
