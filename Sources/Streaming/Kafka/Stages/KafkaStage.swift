import Documents

/// One role on Kafka: reads its topics in its group, does what the pipeline says, and commits what is durable. It runs on
/// one thread; what it holds is bounded, because it reads only when there is room.
package final class KafkaStage {
    /// Records read and not yet handled, before no more are read; a partition that is far ahead pauses at the larger one.
    private static let waitingMax = 2_000
    private static let aheadMax = 8_000
    /// How many records are handled before the group is looked after again.
    private static let pieceSize = 500
    /// Effects are made durable and committed after so many records, or so long.
    private static let commitCount = 5_000
    private static let commitInterval: Duration = .seconds(1)
    private static let idleCommitInterval: Duration = .milliseconds(20)
    private static let clearingInterval: Duration = .milliseconds(20)

    private let settings: KafkaRunSettings
    private let plan: StagePlan
    private let consumer: KafkaConsumer
    private let upstream: UpstreamProgress
    private let interpreter: Interpreter<KafkaSink>
    private let inputs: StageInputs
    private let clock: GroupClock
    private let say: @Sendable (String) -> Void
    /// By the number of the partitions, or one for all.
    private var tasks: [Int32: StageTask] = [:]
    private var paused: Set<TopicPartition> = []
    private var uncommitted = 0
    private var committedAt: Duration = .zero
    private var clearedAt: Duration?
    private var failure: (any Error)?
    /// Whether a record is at hand, which a rebalance then interrupts.
    private var isHandling = false

    /// - Parameter role: one of `settings.roles`.
    package init(
        _ role: Roles, _ settings: KafkaRunSettings, _ surroundings: StageSurroundings
    ) throws(KafkaError) {
        self.settings = settings
        plan = StagePlan(role, settings)
        consumer = try KafkaConsumer(settings.cluster, group: settings.group(role))
        consumer.client.callbacks.isWatched = true
        upstream = try UpstreamProgress(plan.upstream, cluster: settings.cluster)
        clock = GroupClock(surroundings.clock)
        let writer = RecordWriter(specification: settings.specification, preset: settings.preset)
        let notices = StageNotices(role, surroundings.say)
        interpreter = Interpreter(
            sink: try KafkaSink(settings, writer: writer, clock: clock, notices: notices), writer: writer,
            client: surroundings.client, notices: notices, clock: clock)
        inputs = StageInputs(role, settings)
        say = surroundings.say
    }

    /// Runs until a stop is asked for.
    /// - Throws: what no waiting mends.
    package func run() throws -> RunSummary {
        let begin = clock.now
        // The group's callback runs within this object's calls of `poll`, and ends with `close`.
        consumer.onRebalance { [unowned self] in rebalance($0) }
        clock.lookAfterGroup = { [unowned self] in if isHandling { readDuringWait() } }
        try consumer.subscribe(plan.topics)
        do {
            while !clock.isStopping {
                try read()
                if let failure { throw failure }
                try handleUntilInterrupted()
                try commitIfDue()
            }
        } catch RunInterruption.stopped {}
        consumer.onRebalance { [unowned self] _ in consumer.unassign() }
        commit()
        consumer.close()
        interpreter.summary.elapsed = clock.now - begin
        return interpreter.summary
    }
}

// MARK: - Reading

extension KafkaStage {
    private func read() throws {
        consumer.client.probe()
        let waiting = tasks.values.reduce(0) { $0 + $1.merge.waitingCount }
        let isBlocked = tasks.values.allSatisfy { $0.merge.waitingCount == 0 || $0.merge.isBlocked }
        // The group is looked after even where there is no room.
        var room = isBlocked || waiting < Self.waitingMax ? Self.waitingMax : 1
        var patience = isBlocked ? waiting > 0 ? 5 : uncommitted > 0 ? 10 : 100 : 0
        while room > 0 {
            switch try consumer.poll(waiting: patience) {
            case .nothing: return
            case .end(let source, let offset): tasks[key(source)]?.merge.reachEnd(source, at: offset)
            case .message(let message):
                tasks[key(message.source)]?.merge.append(message)
                pauseIfAhead(message.source)
            }
            patience = 0
            room -= 1
        }
    }

    private func readDuringWait() {
        do {
            try read()
        } catch {
            failure = failure ?? error
            clock.isInterrupted = true
        }
    }

    private func pauseIfAhead(_ source: TopicPartition) {
        guard let task = tasks[key(source)], task.merge.waitingCount(source) >= Self.aheadMax, !paused.contains(source)
        else { return }
        paused.insert(source)
        consumer.setPaused(true, [source])
    }

    private func resume() {
        let ready = paused.filter { (tasks[key($0)]?.merge.waitingCount($0) ?? 0) < Self.waitingMax }
        guard !ready.isEmpty else { return }
        paused.subtract(ready)
        consumer.setPaused(false, Array(ready))
    }

    private func key(_ source: TopicPartition) -> Int32 { plan.isOneTask ? 0 : source.partition }
}

// MARK: - Handling

extension KafkaStage {
    private func handleUntilInterrupted() throws {
        isHandling = true
        defer { (isHandling, clock.isInterrupted) = (false, false) }
        do {
            try handle()
        } catch RunInterruption.stopped where clock.isInterrupted {
            // What was at hand belongs to a task that is gone; who has the partition now begins at the last commit.
        }
    }

    private func handle() throws {
        for key in tasks.keys.sorted() {
            for _ in 0..<Self.pieceSize {
                guard let next = tasks[key]?.merge.next() else { break }
                try handle(next, in: key)
            }
        }
        resume()
        if tasks.values.contains(where: \.merge.isBlocked) { try clear() }
    }

    private func handle(_ next: InputMerge.Next, in key: Int32) throws {
        let message = next.message
        switch Result(catching: { () throws(RecordProblem) in try inputs.input(message) }) {
        case .success(nil): break
        case .success(let input?):
            if tasks[key]?.isRepeat(input) == false { try handle(input, next, in: key) }
        case .failure(let problem):
            if !next.isRestored { try setAside(message, problem) }
        }
        tasks[key]?.finish(message)
        if !next.isRestored {
            interpreter.summary.events += 1
            uncommitted += 1
        }
    }

    private func handle(_ input: Input, _ next: InputMerge.Next, in key: Int32) throws {
        guard !next.isRestored else {
            tasks[key]?.pipeline.restore(input)
            return
        }
        // A wait within may take the task away.
        try interpreter.handle(input, of: next.message) { tasks[key]?.pipeline.handle($0) ?? [] }
    }

    private func setAside(_ message: KafkaMessage, _ problem: RecordProblem) throws {
        try interpreter.setAside(SetAside(place: message.name, reason: problem.description), .input(message))
    }

    /// Looks how far the earlier stages have come, and then whether the empty partitions have been read to their ends.
    private func clear() throws {
        if let clearedAt, clock.now - clearedAt < Self.clearingInterval { return }
        defer { clearedAt = clock.now }
        do throws(KafkaError) {
            let time = try upstream.reached()
            for key in tasks.keys {
                guard let task = tasks[key], task.merge.isBlocked else { continue }
                var ends: [TopicPartition: Int64] = [:]
                for (source, _) in task.merge.empty { ends[source] = try consumer.client.bounds(source).upperBound }
                tasks[key]?.merge.clear(to: time, ends: ends)
            }
        } catch {
            // While the cluster is away or busy, nothing is cleared.
            if !error.isPassing { throw error }
        }
    }
}

// MARK: - Committing

extension KafkaStage {
    private func commitIfDue() throws {
        guard uncommitted > 0 else { return }
        let isIdle = tasks.values.allSatisfy { $0.merge.waitingCount == 0 }
        let interval = isIdle ? Self.idleCommitInterval : Self.commitInterval
        if uncommitted >= Self.commitCount || clock.now - committedAt >= interval { commit() }
    }

    /// Makes all effects so far durable, then commits. A commit that is refused, as while the group shares out its
    /// partitions, is made up for by the next.
    private func commit() {
        do {
            try interpreter.settle()
            try consumer.commit(tasks.values.flatMap(\.progress))
            uncommitted = 0
        } catch let error as KafkaError where error.isPassing {
        } catch RunInterruption.stopped {
        } catch {
            failure = failure ?? error
        }
        committedAt = clock.now
    }
}

// MARK: - The group

extension KafkaStage {
    private func rebalance(_ change: KafkaConsumer.Rebalance) {
        switch change {
        case .revoked(let isLost):
            clock.isInterrupted = isHandling
            if !isLost, !isHandling, uncommitted > 0 { commit() }
            tasks = [:]
            paused = []
            consumer.unassign()
        case .assigned(let partitions):
            do {
                let starts = try starts(of: plan.isSingle ? try allOrNone(partitions) : partitions)
                tasks = [:]
                for (key, group) in Dictionary(grouping: starts, by: { key($0.source) }) {
                    tasks[key] = StageTask(inOrder(group), plan: plan, settings: settings)
                }
                consumer.assign(starts.map { PartitionOffset($0.source, offset: $0.offset) })
                tell(starts)
                // So that the stages after this one know that it plays.
                uncommitted += 1
                committedAt = .zero
            } catch RunInterruption.stopped {
                consumer.unassign()
            } catch {
                failure = failure ?? error
                consumer.unassign()
            }
        }
    }

    private func tell(_ starts: [InputMerge.Start]) {
        let names = starts.map { "\($0.source.topic)/\($0.source.partition)" }.sorted()
        say("\(plan.role): reads \(names.isEmpty ? "nothing, others read it all" : names.joined(separator: " "))")
    }

    /// The topics in the plan's order: of one time, the first topic's record comes first.
    private func inOrder(_ starts: [InputMerge.Start]) -> [InputMerge.Start] {
        let places = Dictionary(uniqueKeysWithValues: plan.topics.enumerated().map { ($1, $0) })
        return starts.sorted {
            (places[$0.source.topic] ?? 0, $0.source.partition) < (places[$1.source.topic] ?? 0, $1.source.partition)
        }
    }

    /// All partitions for the one process that is given the first of them, none for the others.
    private func allOrNone(_ partitions: [TopicPartition]) throws -> [TopicPartition] {
        try partitions.filter { $0.partition == 0 }.flatMap { first in
            (0..<Int32(try interpreter.sink.partitionCount(first.topic))).map { TopicPartition(first.topic, $0) }
        }
    }

    private func starts(of partitions: [TopicPartition]) throws -> [InputMerge.Start] {
        if plan.role == .join { try checkCounts() }
        guard !partitions.isEmpty else { return [] }
        while true {
            do throws(KafkaError) {
                var starts: [InputMerge.Start] = []
                for offset in try consumer.client.committed(partitions) {
                    starts.append(start(offset, in: try consumer.client.bounds(offset.source)))
                }
                return starts
            } catch {
                guard error.isPassing else { throw error }
            }
            clock.wait(.milliseconds(200))
            if clock.isStopping { throw RunInterruption.stopped }
        }
    }

    /// Where the log has ended before what was committed, it is another log.
    private func start(_ committed: PartitionOffset, in bounds: Range<Int64>) -> InputMerge.Start {
        let offset = committed.offset.map { $0 > bounds.upperBound ? bounds.lowerBound : max($0, bounds.lowerBound) }
        let start = offset ?? bounds.lowerBound
        let done = CommittedProgress(metadata: committed.metadata)?.done ?? start
        return InputMerge.Start(
            source: committed.source, offset: start, done: done > bounds.upperBound ? start : max(start, done))
    }

    /// Partners meet in partitions of one number, and their rows go on to the same.
    private func checkCounts() throws {
        let topics = plan.topics + [settings.preset.topics.evaluation]
        let counts = try topics.map { try interpreter.sink.partitionCount($0) }
        guard Set(counts).count == 1 else {
            let given = zip(topics, counts).map { "\($0) has \($1)" }.joined(separator: ", ")
            throw KafkaError("the partitions do not match: \(given); accepted is one number for all of them")
        }
    }
}
