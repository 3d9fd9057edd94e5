import EventProcessing

/// What the group gives and takes.
extension KafkaStage {
    private static let retryInterval: Duration = .milliseconds(200)

    func rebalance(_ change: KafkaConsumer.Rebalance) {
        switch change {
        case .revoked(let isLost):
            clock.isInterrupted = isBusy
            if !isLost, !isBusy { commitForTheLastTime() }
            // A partition stays paused for this client beyond its assignment, and would be silent when it comes again
            // (librdkafka's issues 1849 and 5113).
            consumer.setPaused(false, Array(paused))
            (tasks, paused, removed, given) = ([:], [], [], nil)
            consumer.unassign()
        case .assigned(let partitions):
            (given, triesAgainAt) = (partitions, .zero)
            // Nothing is read before it is known from where; the group must not wait for that.
            consumer.unassign()
        }
    }

    /// Begins with what the group has given, as soon as what must be known for that is.
    func begin() throws {
        try readOnAfterLoss()
        guard let given, clock.now >= triesAgainAt else { return }
        defer { triesAgainAt = clock.now + Self.retryInterval }
        do throws(KafkaError) {
            obstacle = try missingTopics()
            guard let partitions = try partitions(of: given) else { return }
            let complete = plan.complete(partitions)
            // What is not complete is given anew once it is: a topic that appears begins a rebalance.
            if complete.isEmpty, !partitions.isEmpty {
                obstacle = obstacle ?? "the group has still to share out all of \(plan.topics.joined(separator: ", "))"
                return
            }
            guard !complete.isEmpty, let changelog else {
                return start(plan.ordered(try starts(of: complete)), with: nil)
            }
            guard try isThere(changelog) else { return }
            let state = try changelog.newest { clock.isStopping }
            start(plan.ordered(try starts(of: complete)), with: state)
        } catch {
            if !error.isPassing { throw error }
        }
    }

    /// Whether the topic with the role's state is there; it is made where it is not.
    private func isThere(_ changelog: Changelog) throws(KafkaError) -> Bool {
        if let warning = changelog.make() { say(warning) }
        let isThere = try changelog.isThere()
        if !isThere { obstacle = StagePlan.missing([changelog.topic]) }
        return isThere
    }

    private func start(_ starts: [PartitionStart], with state: DetectorState?) {
        given = nil
        var starts = starts
        if let state {
            for index in starts.indices { starts[index].advance(to: state.positions[starts[index].source] ?? 0) }
        }
        tasks = Dictionary(grouping: starts, by: { plan.task($0.source) }).mapValues {
            StageTask($0, plan: plan, settings: settings)
        }
        if let state {
            do {
                try tasks[0]?.restore(state)
            } catch {
                say("\(error); it begins anew")
            }
        }
        consumer.setPaused(false, starts.map(\.source))
        consumer.assign(starts.map { PartitionOffset($0.source, offset: $0.offset) })
        for warning in starts.compactMap(\.warning) { say(warning) }
        let names = starts.map { "\($0.source.topic)/\($0.source.partition)" }.sorted()
        if obstacle == nil || !names.isEmpty {
            say("reads \(names.isEmpty ? "nothing, others read it all" : names.joined(separator: " "))")
        }
        if !tasks.isEmpty { commits.begin() }
    }

    private func missingTopics() throws(KafkaError) -> String? {
        var missing: [String] = []
        for topic in plan.topics where try consumer.client.partitionCount(topic) == nil { missing.append(topic) }
        return missing.isEmpty ? nil : StagePlan.missing(missing)
    }

    /// - Returns: nil where a topic is not there yet.
    private func partitions(of given: [TopicPartition]) throws(KafkaError) -> [TopicPartition]? {
        if plan.role == .join, obstacle == nil, try !haveEqualCounts() { return nil }
        guard plan.isSingle else { return given }
        // All partitions for the one process that is given the first of them, none for the others.
        guard let first = given.first(where: { $0.partition == 0 }) else { return [] }
        guard let count = try interpreter.sink.knownPartitionCount(first.topic) else { return nil }
        return (0..<Int32(count)).map { TopicPartition(first.topic, $0) }
    }

    private func starts(of partitions: [TopicPartition]) throws(KafkaError) -> [PartitionStart] {
        guard !partitions.isEmpty else { return [] }
        let committed = try consumer.client.committed(partitions)
        return zip(committed, try consumer.client.bounds(partitions)).map { PartitionStart($0, in: $1) }
    }

    /// Partners meet in partitions of one number, and their rows go on to the same.
    /// - Returns: false where one of the topics is not there yet.
    private func haveEqualCounts() throws(KafkaError) -> Bool {
        let topics = plan.topics + [settings.preset.topics.evaluation]
        var counts: [Int] = []
        for topic in topics {
            guard let count = try interpreter.sink.knownPartitionCount(topic) else {
                obstacle = StagePlan.missing([topic])
                return false
            }
            counts.append(count)
        }
        guard Set(counts).count == 1 else {
            let given = zip(topics, counts).map { "\($0) has \($1)" }.joined(separator: ", ")
            throw KafkaError("the partitions do not match: \(given); accepted is one number for all of them")
        }
        return true
    }

    /// Records that were removed before they were read are told of, and reading goes on behind them.
    private func readOnAfterLoss() throws {
        guard !removed.isEmpty else { return }
        do throws(KafkaError) {
            for source in removed {
                let log = try consumer.client.bounds(source)
                guard let lost = tasks[plan.task(source)]?.skip(to: log.lowerBound, on: source) else { continue }
                say(PartitionStart.lost(lost, of: source))
                commits.noteHandled()
            }
            removed = []
            // All anew, since librdkafka has stopped those and takes no seek for them.
            consumer.setPaused(false, Array(paused))
            paused = []
            consumer.assign(
                tasks.values.flatMap { $0.merge.positions }.map { PartitionOffset($0.key, offset: $0.value) })
        } catch {
            if !error.isPassing { throw error }
        }
    }
}
