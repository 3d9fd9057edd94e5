import Documents

/// The state of one sequence of records: what a join keeps for a partition, what the window has gathered. It is lost
/// with the partition, and rebuilt from the log.
struct StageTask {
    var merge: InputMerge
    var pipeline: Pipeline
    private var ledgers: [TopicPartition: OffsetLedger]
    private var repeats = RepeatFilter()
    private let role: Roles
    private let preset: Preset

    init(_ starts: [InputMerge.Start], plan: StagePlan, settings: KafkaRunSettings) {
        let preset = settings.preset
        role = plan.role
        self.preset = preset
        merge = InputMerge(starts, isGated: plan.isGated)
        pipeline = Pipeline(
            specification: settings.specification, roles: plan.role,
            join: StreamJoin.Bounds(
                within: preset.join.within, retention: preset.join.retention, pendingMax: settings.pendingMax),
            time: nil, detector: TumblingWindow(preset.window))
        ledgers = Dictionary(
            uniqueKeysWithValues: starts.map {
                ($0.source, OffsetLedger(start: $0.offset, done: $0.done, countMax: Int64(settings.pendingMax)))
            })
    }

    /// Whether a record was published before by a process that then ended: it came from records that already came.
    mutating func isRepeat(_ input: Input) -> Bool {
        let name: String? =
            switch input {
            case .predicted(let predicted): predicted.source?.description
            case .evaluated(let evaluation): evaluation.source
            default: nil
            }
        return name.map { repeats.isRepeat($0) } ?? false
    }

    mutating func finish(_ message: KafkaMessage) {
        let time = message.time.milliseconds
        let until = neededUntil(time)
        ledgers[message.source]?.process(offset: message.offset, time: time, neededUntil: until)
        switch role {
        case .join:
            let now = ledgers[message.source]?.time ?? time
            ledgers[message.source]?.pass(now)
        case .window:
            let now = ledgers.values.compactMap(\.time).max() ?? time
            for source in ledgers.keys { ledgers[source]?.pass(now) }
        default: break
        }
    }

    private func neededUntil(_ time: Int64) -> Int64? {
        switch role {
        // Twice the join's reach beyond its retention, so that what had met a partner meets it again.
        case .join: time + preset.join.retention + 2 * preset.join.within
        case .window: (time / preset.window.size + 1) * preset.window.size + preset.window.grace
        default: nil
        }
    }

    /// What may be committed once all effects so far are durable.
    var progress: [PartitionOffset] {
        ledgers.map { source, ledger in
            PartitionOffset(
                source, offset: ledger.oldestNeeded,
                metadata: CommittedProgress(done: ledger.done, time: ledger.time).metadata)
        }
    }
}
