import Documents

/// From the rows to a model that is kept and judged, but does not serve yet.
struct CandidateTraining {
    struct Result {
        let outcome: TrainingOutcome
        /// The identity of the newest row, where it was looked at.
        var newestRow: String?
    }

    let service: ModelService
    let state: ServingState

    /// - Throws: what the store of models throws; what the store of rows does is an outcome.
    func run(_ request: TrainingRequest) throws(StoreError) -> Result {
        let newest: [Observation]
        let observations: [Observation]
        do throws(StoreError) {
            newest = try newestRows()
            if !request.isForced,
                let refusal = service.settings.rules.refusal(
                    at: service.clock(), state: state, newestFirst: newest)
            {
                return Result(outcome: skipped(refusal))
            }
            observations = try service.settings.rows.rows(of: service.usableRows)
        } catch {
            return Result(outcome: .storeFailed(error))
        }
        let model: ModelVersion
        do throws(TrainingRefusal) {
            model = try fit(observations, request)
        } catch {
            return Result(outcome: skipped(error))
        }
        try service.models.save(model)
        let outcome: TrainingOutcome =
            model.state == .served ? .retrained(model) : .refused(model, serving: service.current?.model.version)
        return Result(outcome: outcome, newestRow: newest.first?.identity)
    }

    private func fit(
        _ newestFirst: [Observation], _ request: TrainingRequest
    ) throws(TrainingRefusal) -> ModelVersion {
        let rows = TrainingRows(newestFirst: newestFirst, rule: service.rowRule)
        try rows.requireSpareRow()
        let parent = service.current?.model
        var model = try ModelVersion(
            fitting: rows, tolerance: service.settings.tolerance, time: time(after: parent), parent: parent?.version,
            trigger: request.trigger)
        model.cause = request.cause
        if service.settings.isGated {
            model.take(Judgement(challenger: model, champion: parent, rows: rows), isForced: request.isForced)
        }
        return model
    }

    /// Names of versions sort by time, so time must go on even where the machine's clock was set back.
    private func time(after parent: ModelVersion?) -> Timestamp {
        let others = [parent?.time, state.trainedAt].compactMap { $0?.advanced(byMilliseconds: 1) }
        return others.reduce(service.clock(), max)
    }

    /// As many as tell whether enough are new; none where any number is enough.
    private func newestRows() throws(StoreError) -> [Observation] {
        let count = service.settings.rules.newRowsMin
        let rule = service.rowRule
        return count > 0 ? try service.usableRows.newest(count).filter { rule.row($0) != nil } : []
    }

    private func skipped(_ refusal: TrainingRefusal) -> TrainingOutcome {
        .skipped(refusal, serving: service.current?.model.version)
    }
}
