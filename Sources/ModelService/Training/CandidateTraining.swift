import Documents
import Regression
import Threading

/// From the rows to a model that is judged, but neither kept nor served yet.
struct CandidateTraining {
    struct Result {
        let outcome: TrainingOutcome
        /// The identity of the newest row, where it was looked at.
        var newestRow: String?
    }

    let service: ModelService
    let state: ServingState

    func run(_ request: TrainingRequest) -> Result {
        let read: TrainingColumns
        do throws(StoreError) {
            read = try rows()
        } catch {
            return Result(outcome: .storeFailed(error))
        }
        if let refusal = refusal(of: read) { return Result(outcome: skipped(refusal)) }
        if !request.isForced,
            let refusal = service.settings.rules.refusal(
                at: service.clock(), state: state, newestFirst: read.newestIdentities)
        {
            return Result(outcome: skipped(refusal))
        }
        ThreadPriority.giveWay()
        let pool = RowPool(read, service.specification)
        let former = isGated ? service.formerModels(state.former) : []
        let judgement = judgement(on: pool, former: former, reason: request.reason)
        let rows =
            judgement.map { pool.trainingRows($0.fit.places, gross: $0.fit.gross) }
            ?? pool.trainingRows(choice.places(in: pool, before: pool.count), gross: 0)
        ThreadPriority.giveWay()
        var model: ModelVersion
        do throws(TrainingRefusal) {
            model = try fit(rows, request)
        } catch {
            return Result(outcome: skipped(error))
        }
        ThreadPriority.giveWay()
        if let judgement {
            model.take(judgement, champion: isGated ? service.current?.model : nil, isForced: request.isForced)
        }
        let earlier = model.state == .served ? nil : judgement?.earlier
        return Result(
            outcome: outcome(model, earlier: former.first { $0.version == earlier }),
            newestRow: pool.newestIdentity)
    }

    /// Before anything is made of them: a fit takes memory for each pair of levels.
    private func refusal(of read: TrainingColumns) -> TrainingRefusal? {
        let bounds = service.settings.bounds
        if read.count > bounds.rowsMax { return .tooManyRows(most: bounds.rowsMax) }
        let levels = read.rows.groups?.usedCodes.count ?? 1
        return levels > bounds.levelsMax ? .tooManyLevels(most: bounds.levelsMax) : nil
    }

    private var isGated: Bool { service.settings.isGated }
    private var choice: RowChoice { service.settings.rows }

    /// Nil where there is nothing to choose: without a gate, and with one choice of rows.
    private func judgement(on pool: RowPool, former: [ModelVersion], reason: TrainingReason) -> Judgement? {
        guard isGated || choice == .auto else { return nil }
        return Contest(
            pool: pool, champion: isGated ? service.current?.model : nil, former: former, choice: choice, reason: reason
        ).judgement()
    }

    private func outcome(_ model: ModelVersion, earlier: ModelVersion?) -> TrainingOutcome {
        if model.state == .served { return .retrained(model) }
        if let earlier { return .restored(earlier, candidate: model) }
        return .refused(model, serving: service.current?.model.version)
    }

    private func fit(_ rows: TrainingRows, _ request: TrainingRequest) throws(TrainingRefusal) -> ModelVersion {
        try rows.requireSpareRow()
        let parent = service.current?.model
        var model = try ModelVersion(
            fitting: rows, tolerance: service.settings.tolerance, time: time(after: parent), parent: parent?.version,
            trigger: request.trigger)
        model.cause = request.cause
        return model
    }

    /// Names of versions sort by time, so time must go on even where the machine's clock was set back.
    private func time(after parent: ModelVersion?) -> Timestamp {
        let others = [parent?.time, state.trainedAt].compactMap { $0?.advanced(byMilliseconds: 1) }
        return others.reduce(service.clock(), max)
    }

    /// What all of it needs, read once: the rows of the fits, of the trial and before it, and as many as tell whether enough
    /// are new.
    private func rows() throws(StoreError) -> TrainingColumns {
        let more = isGated || choice == .auto ? Trial.rowsBefore : 0
        return try choice.rows(
            of: service.usableRows, and: max(more, service.settings.rules.newRowsMin), within: service.settings.bounds)
    }

    private func skipped(_ refusal: TrainingRefusal) -> TrainingOutcome {
        .skipped(refusal, serving: service.current?.model.version)
    }
}
