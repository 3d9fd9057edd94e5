extension KafkaStage {
    /// How long a commit may take before partitions are let go.
    private static let farewell = 2_000

    /// Makes all effects so far durable, then hands the commit over.
    func commitIfDue() throws {
        noteOutcome(waiting: 0)
        if commits.isOverdue(at: clock.now) {
            consumer.client.suspectAbsence("it has not answered a commit for \(CommitSchedule.patience)")
        }
        let isIdle = tasks.values.allSatisfy { $0.merge.waitingCount == 0 }
        guard !tasks.isEmpty, commits.isDue(isIdle: isIdle, at: clock.now) else { return }
        isBusy = true
        defer { (isBusy, clock.isInterrupted) = (false, false) }
        do {
            try settle()
            try send()
        } catch RunInterruption.stopped {}
    }

    /// While partitions are taken away, and at the end. What cannot be made durable and committed in time is done again
    /// by whoever goes on, and told as repeats.
    func commitForTheLastTime() {
        noteOutcome(waiting: commits.isOnItsWay ? Self.farewell : 0)
        guard commits.count > 0, !tasks.isEmpty, !commits.isOnItsWay, !consumer.client.isAway else { return }
        clock.isInterrupted = true
        defer { clock.isInterrupted = false }
        do {
            try settle()
            try send()
            noteOutcome(waiting: Self.farewell)
        } catch RunInterruption.stopped {
        } catch {
            failure = failure ?? error
        }
    }

    /// The effects first, then the state that has had them, then the commit: a process that dies in between is followed by
    /// one that does some of it again.
    private func settle() throws {
        try interpreter.settle()
        guard let changelog, commits.count > 0, let state = tasks[0]?.state else { return }
        try interpreter.sink.keep(changelog.records(of: state, at: clock.date))
    }

    private func send() throws {
        let progress = tasks.values.flatMap(\.progress)
        guard !progress.isEmpty else { return }
        commits.send(at: clock.now)
        do {
            try consumer.commit(progress)
        } catch {
            try note(error)
        }
    }

    private func noteOutcome(waiting milliseconds: Int) {
        guard commits.isOnItsWay else { return }
        switch consumer.commitOutcome(waiting: milliseconds) {
        case nil: break
        case .success: commits.answer(isAccepted: true, at: clock.now)
        case .failure(let error):
            do {
                try note(error)
            } catch {
                failure = failure ?? error
            }
        }
    }

    /// A commit that is refused, as while the group shares out its partitions, is made up for by the next.
    private func note(_ error: KafkaError) throws(KafkaError) {
        commits.answer(isAccepted: false, at: clock.now)
        if !error.isPassing { throw error }
    }
}
