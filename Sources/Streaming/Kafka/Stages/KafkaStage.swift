import Documents
package import EventProcessing
import Specification

/// One role on Kafka: reads its topics in its group, does what the pipeline says, and commits what is durable. It runs on
/// one thread; what it holds is bounded, because it reads only when there is room. No call waits for long: while the
/// cluster is away, the stage still hears a stop.
package final class KafkaStage {
    /// Records read and not yet handled, before no more are read; a partition that is far ahead pauses at the larger one.
    static let waitingMax = 2_000
    private static let aheadMax = 8_000
    /// How many records are handled before the group is looked after again.
    private static let pieceSize = 500
    /// How often it is asked at most how far the earlier roles have come, and why nothing comes.
    private static let clearingInterval: Duration = .milliseconds(20)
    /// For how long librdkafka may not look for more by itself, and some more.
    private static let fetchPauseMax: Duration = .seconds(2)

    let settings: KafkaRunSettings
    let plan: StagePlan
    let consumer: KafkaConsumer
    let upstream: UpstreamProgress
    let interpreter: Interpreter<KafkaSink>
    let changelog: Changelog?
    private let inputs: StageInputs
    let clock: GroupClock
    private let write: StageConnections.Say
    private let observer: RunObserver?
    private var standings = StandingSchedule()
    /// By the number of the partitions, or one for all.
    var tasks: [Int32: StageTask] = [:]
    /// What the group has given, and is not begun with yet.
    var given: [TopicPartition]?
    var paused: Set<TopicPartition> = []
    /// Partitions of which the log no longer holds what comes next.
    var removed: Set<TopicPartition> = []
    var commits = CommitSchedule()
    var failure: (any Error)?
    /// Whether a record is at hand, or its effects are waited for; a rebalance then interrupts.
    var isBusy = false
    /// Why the role cannot begin, and whether that has been said.
    var obstacle: String?
    private var wait = StageWait()
    /// When the earlier roles were asked last, and when what is given is tried again.
    var clearedAt: Duration?
    var triesAgainAt: Duration = .zero
    /// When the brokers may be asked again why nothing comes, and when a record came last.
    private var (wakesAgainAt, readAt): (Duration, Duration) = (.zero, .zero)

    /// - Parameter role: one of `settings.stages`.
    package init(
        _ role: Roles, _ settings: KafkaRunSettings, _ surroundings: StageConnections
    ) throws(KafkaError) {
        self.settings = settings
        plan = StagePlan(role, settings)
        let topics = settings.preset.topics
        consumer = try KafkaConsumer(
            settings.cluster, group: settings.group(role), topicsWithoutHeaders: [topics.measurement, topics.outcome])
        consumer.client.callbacks.isWatched = true
        upstream = try UpstreamProgress(plan.upstream, cluster: settings.cluster)
        changelog = try plan.changelog.map { topic throws(KafkaError) in
            try Changelog(topic, cluster: settings.cluster)
        }
        clock = GroupClock(surroundings.clock)
        let writer = RecordWriter(specification: settings.specification, preset: settings.preset)
        let notices = StageNotices(role, surroundings.say)
        interpreter = Interpreter(
            sink: try KafkaSink(settings, writer: writer, clock: clock, notices: notices), writer: writer,
            client: surroundings.client, notices: notices, clock: clock, observer: surroundings.observer)
        inputs = StageInputs(role, settings)
        write = surroundings.say
        observer = surroundings.observer
    }

    /// Runs until a stop is asked for.
    /// - Throws: what no waiting mends.
    package func run() throws -> RunSummary {
        let begin = clock.now
        // The group's callback runs within this object's calls of `poll`, and ends with `close`.
        consumer.onRebalance { [unowned self] in rebalance($0) }
        clock.lookAfterGroup = { [unowned self] in if isBusy { readDuringWait() } }
        try consumer.subscribe(plan.topics)
        while !clock.isStopping {
            try read()
            if let failure { throw failure }
            try self.begin()
            try handleUntilInterrupted()
            try commitIfDue()
            tellWaits()
            tellStanding()
        }
        commitForTheLastTime()
        if commits.count > 0 || commits.isOnItsWay {
            say("ends before Kafka has all of its work; the rest is done again after the next start")
        }
        consumer.close()
        interpreter.summary.elapsed = clock.now - begin
        return interpreter.summary
    }

    func say(_ text: String) { write("\(plan.role): \(text)", nil) }

    private func tellWaits() {
        if let text = wait.note(obstacle, at: clock.now) { say(text) }
        for key in tasks.keys {
            let name = plan.isSingle ? "" : "partition \(key) "
            if let text = tasks[key]?.noteWait(at: clock.now) { say(name + text) }
        }
    }
}

// MARK: - Telling

extension KafkaStage {
    private func tellStanding() {
        guard let observer, standings.isDue(at: clock.now) else { return }
        var standing = RunStanding(role: plan.role)
        standing.unrecorded = interpreter.unrecordedCount
        for task in tasks.values {
            standing.add(task.pipeline)
            standing.partitions += task.merge.positions.keys.compactMap { source in
                guard let next = task.merge.passed(source), let end = consumer.knownEnd(of: source) else { return nil }
                return .init(
                    topic: source.topic, partition: source.partition, offset: next, lag: max(0, end - next))
            }
        }
        observer(.standing(standing))
    }
}

// MARK: - Reading

extension KafkaStage {
    private func read() throws {
        consumer.client.probe()
        let waiting = tasks.values.reduce(0) { $0 + $1.merge.waitingCount }
        let isBlocked =
            !commits.isAnnounced || tasks.values.allSatisfy { $0.merge.waitingCount == 0 || $0.merge.isBlocked }
        // The group is looked after even where there is no room.
        var room = isBlocked || waiting < Self.waitingMax ? Self.waitingMax : 1
        let isAwaited = commits.count > 0 || commits.isOnItsWay || !commits.isAnnounced || given != nil
        // For what is not here yet, once the brokers were asked for it.
        var (patience, patienceLeft) = (0, isBlocked ? waiting > 0 ? 5 : isAwaited ? 10 : 100 : 0)
        var hasRead = false
        // Of the record before; most come from where it did.
        var (last, lastTask): (TopicPartition?, StageTask?)
        defer { if hasRead { readAt = clock.now } }
        while room > 0 {
            switch try consumer.poll(waiting: patience) {
            case .nothing:
                if isBlocked { wakeFetchingIfDue() }
                guard patienceLeft > 0 else { return }
                (patience, patienceLeft) = (patienceLeft, 0)
                continue
            case .end(let source, let offset):
                if tasks[plan.task(source)]?.reachEnd(source, at: offset) == true { commits.noteHandled() }
            case .removed(let source): removed.insert(source)
            case .record(let record, let source):
                hasRead = true
                if source != last { (last, lastTask) = (source, tasks[plan.task(source)]) }
                let count = lastTask?.merge.append(record, from: source) ?? 0
                if count >= Self.aheadMax { pause(source) }
            }
            (patience, patienceLeft) = (0, 0)
            room -= 1
        }
    }

    private func wakeFetchingIfDue() {
        guard clock.now >= wakesAgainAt else { return }
        wakesAgainAt = clock.now + Self.clearingInterval
        consumer.wakeFetching(except: paused, isQuiet: clock.now - readAt > Self.fetchPauseMax)
    }

    private func readDuringWait() {
        do {
            try read()
        } catch {
            failure = failure ?? error
            clock.isInterrupted = true
        }
    }

    private func pause(_ source: TopicPartition) {
        guard paused.insert(source).inserted else { return }
        consumer.setPaused(true, [source])
    }

    private func resume() {
        let ready = paused.filter { (tasks[plan.task($0)]?.merge.waitingCount($0) ?? 0) < Self.waitingMax }
        guard !ready.isEmpty else { return }
        paused.subtract(ready)
        consumer.setPaused(false, Array(ready))
    }
}

// MARK: - Handling

extension KafkaStage {
    private func handleUntilInterrupted() throws {
        guard commits.isAnnounced else { return }
        isBusy = true
        defer { (isBusy, clock.isInterrupted) = (false, false) }
        do {
            try handle()
        } catch RunInterruption.stopped {
            // Where the partitions were taken away, who has them now begins at the last commit.
        }
    }

    private func handle() throws {
        for key in tasks.keys.sorted() {
            guard let task = tasks[key] else { continue }
            for _ in 0..<Self.pieceSize {
                foresee(task)
                try checkInterruption()
                guard let next = task.merge.next() else { break }
                try handle(next, in: task)
            }
        }
        resume()
        if tasks.values.contains(where: \.merge.isBlocked) { try clear() }
    }

    /// Predictions depend on nothing else, so those of what has been read are asked for together.
    private func foresee(_ task: StageTask) {
        guard plan.role.contains(.predict), case let count = interpreter.foreseenNext, count > 0,
            case let next = task.merge.upcoming(count), next.count > 1
        else { return }
        interpreter.foresee(
            next.compactMap { record in
                if case .event(.measurement(let measurement))? = try? inputs.input(record) { measurement } else { nil }
            })
    }

    private func handle(_ next: InputMerge.Next, in task: StageTask) throws {
        if let input = try input(next), !task.isRepeat(input) { try handle(consume input, next, in: task) }
        try checkInterruption()
        task.finish(next)
        if !next.isRestored {
            interpreter.summary.events += 1
            commits.noteHandled()
        }
    }

    /// - Returns: nil of what asks for nothing, and of what is no input and was set aside.
    private func input(_ next: InputMerge.Next) throws -> Input? {
        do throws(RecordProblem) {
            return try inputs.input(next.record)
        } catch {
            if !next.isRestored { try setAside(next.record, error) }
            return nil
        }
    }

    private func handle(_ input: consuming Input, _ next: InputMerge.Next, in task: StageTask) throws {
        guard !next.isRestored else { return task.restore(input) }
        if let observer, let kind = InputKind(input) { observer(.taken(kind)) }
        try interpreter.handle(input, of: next.record) { [clock] in clock.isInterrupted ? [] : task.pipeline.handle($0)
        }
    }

    /// A rebalance during a wait may have taken the task away.
    private func checkInterruption() throws(RunInterruption) {
        if clock.isInterrupted { throw RunInterruption.stopped }
    }

    private func setAside(_ record: Record, _ problem: RecordProblem) throws {
        try interpreter.setAside(
            SetAside(place: record.name, reason: problem.description), .input(record))
    }

    /// Looks how far the earlier roles have come, and then whether the empty partitions have been read to their ends.
    private func clear() throws {
        if let clearedAt, clock.now - clearedAt < Self.clearingInterval { return }
        defer { clearedAt = clock.now }
        let asking = tasks.values.filter { $0.merge.isBlocked && !$0.waitsForRecords(before: consumer.endAhead) }
        guard !asking.isEmpty, !consumer.client.isAway else { return }
        do throws(KafkaError) {
            let lag = try upstream.lag()
            for task in asking {
                let empty = task.merge.empty.map(\.source)
                let ends = try upstream.ends(of: empty)
                task.clear(lag, ends: Dictionary(uniqueKeysWithValues: zip(empty, ends)))
            }
        } catch {
            // While the cluster is away or busy, nothing is cleared.
            if !error.isPassing { throw error }
        }
    }
}
