import Dispatch
package import Documents
import Regression
import Synchronization

/// What is counted of the model that serves while observations come in.
struct Judging: Sendable {
    private(set) var coverage: Coverage?
    private(set) var probation: Probation?
    /// Of the model that serves, until it is taken back: each row is a new attempt, should the models be away.
    private(set) var failed: Probation?
    /// That the model serves because another one was taken back: see `Probation.document`.
    private(set) var rollback: JSON?

    init(_ model: ModelVersion?) { coverage = model.map(Coverage.init) }

    /// - Parameter parent: that the model must do better than; nil where there is no gate.
    init(_ model: ServedModel, after parent: ServedModel?) {
        coverage = Coverage(of: model.model)
        probation = parent.map { Probation(of: model, after: $0) }
    }

    init(_ model: ServedModel, backFrom failed: Probation) {
        coverage = Coverage(of: model.model)
        rollback = .object([.init("version", .string(failed.champion.model.version))] + (failed.document.members ?? []))
    }

    /// - Returns: the probation that the model has failed with these rows, if it has.
    mutating func observe(_ rows: [TrainingRows.Row]) -> Probation? {
        for row in rows {
            coverage?.observe(row)
            guard var probation else { continue }
            let outcome = probation.observe(row)
            self.probation = outcome == .undecided ? probation : nil
            if outcome == .failed { failed = probation }
        }
        return failed
    }
}

extension ModelService {
    /// How often the truth lay within the intervals of the model that serves; nil without a model.
    package var coverage: Coverage? { judging.withLock(\.coverage) }

    /// What was taken back, where the model serves again because of that; nil otherwise.
    package var rollback: JSON? { judging.withLock(\.rollback) }

    /// Holds new rows against the model that serves, and goes back to its parent where it has failed.
    func judge(_ observations: [Observation]) {
        let rows = TrainingRows(oldestFirst: observations, specification: specification).used
        if let failed = judging.withLock({ $0.observe(rows) }) { rollBack(failed) }
    }

    /// When it returns, the parent serves, and would after a restart; or the log says why not yet.
    private func rollBack(_ failed: Probation) {
        trainer.sync {
            var model = failed.champion.model
            do throws(StoreError) {
                guard try takeBack(failed) else { return }
            } catch {
                return log("\(model.version) should be rolled back, \(failed.text), but: \(error)")
            }
            log("rolled back \(model.version) to its parent: \(failed.text)")
            model.state = .rolledBack
            model.verdict = .object((model.verdict.members ?? []) + [.init("rollback", failed.document)])
            do throws(StoreError) {
                try models.save(model)
            } catch {
                log("the document of \(model.version) does not say that it was rolled back: \(error)")
            }
        }
    }

    /// - Returns: false where the model serves no more, or another server was faster to change that.
    private func takeBack(_ failed: Probation) throws(StoreError) -> Bool {
        try refresh()
        // Before the model is looked at, so that what changes meanwhile is not overruled.
        let state = self.state
        guard current?.model.version == failed.champion.model.version else { return false }
        var next = state.successor
        next.rollBack(to: failed.parent.model.version, from: failed.champion.model.version)
        return try agree(on: next, serving: .rolledBack(failed))
    }
}

/// What takes the place of the model that serves, and what is to be counted of it from then on.
enum Successor: Sendable {
    /// By hand, by another server, or at the start.
    case chosen(ModelVersion)
    /// Trained here. It must do better than `parent`, nil where there is no gate.
    case trained(ModelVersion, parent: ServedModel?)
    /// The parent of one that failed.
    case rolledBack(Probation)

    var served: (ServedModel, Judging) {
        switch self {
        case .chosen(let model):
            return (ServedModel(model), Judging(model))
        case .trained(let model, let parent):
            let model = ServedModel(model)
            return (model, Judging(model, after: parent))
        case .rolledBack(let failed):
            return (failed.parent, Judging(failed.parent, backFrom: failed))
        }
    }
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
            (judgement.document(factor: specification.factor.name).members ?? [])
                + (lost.isEmpty ? [] : [.init("undetermined", .array(lost.map { .string($0) }))])
                + (isOverruled ? [.init("forced", true)] : []))
    }

    /// The names of the columns that the rows do not tell from the others, whose effects these carry.
    private var undetermined: [String] { model.coefficients.filter { $0.estimate == nil }.map(\.name) }
}
