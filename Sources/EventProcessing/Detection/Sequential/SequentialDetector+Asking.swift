// What is asked of the model server, when, and what its answers change.

extension SequentialDetector {
    /// One thing is asked with each row, as one answer may serve all who wait.
    mutating func ask() -> [DriftChange] {
        if retry?.hasCome(at: latest, row: rowCount) == true {
            retry = nil
            retries += 1
            waitAgain()
        }
        if schedule.isDue(every: rules.checkInterval) { wait(.schedule) }
        while !waiting.isEmpty {
            let asker = waiting.removeFirst()
            guard let drift = drift(for: asker) else { continue }
            asked = asker
            return [.found(drift)]
        }
        return []
    }

    mutating func wait(_ asker: Asker) {
        if !waiting.contains(asker) { waiting.append(asker) }
    }

    /// All whose question was put off.
    private mutating func waitAgain() {
        for place in levels.indices where levels[place].need?.lastAnswer == .skipped { wait(.level(place)) }
        if stream.need?.lastAnswer == .skipped { wait(.stream) }
        if schedule.isSkipped { wait(.schedule) }
    }

    private mutating func drift(for asker: Asker) -> Drift? {
        switch asker {
        case .level(let place): levels[place].need.tell(levels: [levels[place].level])
        case .stream: stream.need.tell(levels: levels(since: stream.need?.stretch))
        case .schedule:
            schedule.tell(levels: levels(since: schedule.stretch))
        }
    }

    private func levels(since stretch: Stretch?) -> [String?] {
        guard let stretch else { return [] }
        return levels.filter { $0.latestRow >= stretch.firstRow }.map(\.level)
    }

    /// Where a training gave another model, `restart` is called besides.
    package mutating func take(_ reply: TrainingReply) {
        switch reply.status {
        case .retrained: retries = 0
        case .refused:
            retries = 0
            answer(.refused)
            // A model was judged just now.
            schedule = CheckSchedule()
            waiting.removeAll { $0 == .schedule }
        case .skipped:
            answer(.skipped)
            retry = RetryTime(reply, at: latest, row: rowCount, retries: retries) ?? retry
        }
        asked = nil
    }

    private mutating func answer(_ status: TrainingReply.Status) {
        switch asked {
        case .level(let place): levels[place].need?.lastAnswer = status
        case .stream: stream.need?.lastAnswer = status
        case .schedule: schedule.isSkipped = status == .skipped
        case nil: break
        }
    }
}

extension RefitNeed? {
    /// Takes one more row of the episode, which may be over by now.
    /// - Returns: whether the row is an occasion to ask.
    mutating func take(_ row: ObservedRow) -> Bool {
        if self?.isOver == true { self = nil }
        self?.add(row)
        return self?.isDue == true
    }

    /// What is asked. From then on it counts as told.
    fileprivate mutating func tell(levels: [String?]) -> Drift? {
        defer { self?.isTold = true }
        return self?.drift(levels: levels)
    }
}
