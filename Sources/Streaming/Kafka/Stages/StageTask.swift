import Documents
import EventProcessing
import Specification

/// The state of one sequence of records: what a join keeps for a partition, what the window has gathered. It is lost
/// with the partition, and rebuilt from the log.
///
/// A class, since a value of this size in a dictionary would be moved out and in with every record.
final class StageTask {
    /// Of a state that is kept, so many records of a partition are read again for their origins alone: a join that was
    /// killed publishes again at most what it had not committed. That is what a commit on its way tells of and what has
    /// gathered for the next, and a record may have made several rows.
    private static let repeatsMax = Int64(4 * CommitSchedule.countMax)

    var merge: InputMerge
    var pipeline: Pipeline
    /// Each partition with its ledger, in the order in which they were given.
    private var ledgers: [(source: TopicPartition, ledger: OffsetLedger)]
    private var repeats = RepeatFilter()
    private let role: Roles
    private let isStateKept: Bool
    private let preset: Preset
    private var wait = StageWait()
    /// Why nothing could be handed out when that was looked up last.
    private var obstacle: String?

    init(_ starts: [PartitionStart], plan: StagePlan, settings: KafkaRunSettings) {
        let preset = settings.preset
        role = plan.role
        isStateKept = plan.changelog != nil
        self.preset = preset
        merge = InputMerge(starts, isGated: plan.isGated)
        pipeline = Pipeline(
            specification: settings.specification, roles: plan.role,
            join: StreamJoin.Bounds(
                within: preset.join.within, retention: preset.join.retention, pendingMax: settings.pendingMax),
            time: nil, detector: settings.detector.detector())
        let countMax = isStateKept ? Self.repeatsMax : Int64(settings.pendingMax)
        ledgers = starts.map {
            ($0.source, OffsetLedger(start: $0.offset, done: $0.done, time: $0.time, countMax: countMax))
        }
    }

    /// Nothing of a partition is held before this offset any more.
    /// - Returns: the offsets that were never read.
    func skip(to offset: Int64, on source: TopicPartition) -> Range<Int64>? {
        guard let position = merge.positions[source], position < offset else { return nil }
        _ = reachEnd(source, at: offset)
        return position..<offset
    }

    /// How far the earlier roles had come, before these ends were looked up.
    func clear(_ lag: UpstreamLag?, ends: [TopicPartition: Int64]) {
        obstacle = lag?.reason ?? unread { ends[$0] ?? .max }
        merge.clear(to: lag.map { $0.time ?? .min }, ends: ends)
    }

    /// Whether it is known already that a partition without a record here holds some: those come first, whatever the earlier
    /// roles have done.
    /// - Parameter knownEnd: of the partition's log.
    func waitsForRecords(before knownEnd: (TopicPartition) -> Int64?) -> Bool {
        guard let reason = unread({ knownEnd($0) ?? 0 }) else { return false }
        obstacle = reason
        return true
    }

    /// What is to be said where a partition without a record here has not been read up to its end.
    private func unread(_ end: (TopicPartition) -> Int64) -> String? {
        merge.empty.first { $0.read < end($0.source) }.map { source, read in
            "the records of \(source.topic)/\(source.partition) from the offset \(read) on have not come"
        }
    }

    /// - Returns: what is to be said now of its standing still.
    func noteWait(at now: Duration) -> String? {
        wait.note(merge.isBlocked ? obstacle : nil, at: now)
    }

    /// Whether a record was published before by a process that then ended: it came from records that already came.
    func isRepeat(_ input: Input) -> Bool {
        switch input {
        case .predicted(let predicted): predicted.source.map { repeats.isRepeat($0) } ?? false
        case .evaluated(let evaluation): evaluation.source.map { repeats.isRepeat($0) } ?? false
        default: false
        }
    }

    func finish(_ handled: InputMerge.Next) {
        if obstacle != nil { obstacle = nil }
        let time = handled.record.time.milliseconds
        let (until, passed) = (neededUntil(time), merge.passed(handled.input))
        // What a record tells of the time passes in its own partition, but for the window's, of which all have one time.
        let now = { [role, isStateKept] (ledger: inout OffsetLedger) in
            ledger.process(offset: handled.offset, time: time, neededUntil: until)
            ledger.pass(to: passed)
            let now = ledger.time ?? time
            if isStateKept { ledger.pass(time) } else if role == .join { ledger.pass(now) }
            return now
        }(&ledgers[handled.input].ledger)
        guard role == .window, !isStateKept else { return }
        let latest = ledgers.lazy.compactMap(\.ledger.time).max() ?? now
        for other in ledgers.indices { ledgers[other].ledger.pass(latest) }
    }

    private func index(_ source: TopicPartition) -> Int? { ledgers.firstIndex { $0.source == source } }

    /// Everything that is in the partition so far has been read.
    /// - Returns: whether that is further than the last record.
    func reachEnd(_ source: TopicPartition, at offset: Int64) -> Bool {
        merge.reachEnd(source, at: offset)
        guard let index = index(source) else { return false }
        let before = ledgers[index].ledger.done
        passGap(index)
        return ledgers[index].ledger.done != before
    }

    private func passGap(_ index: Int) {
        if let offset = merge.passed(ledgers[index].source) { ledgers[index].ledger.pass(to: offset) }
    }

    private func neededUntil(_ time: Int64) -> Int64? {
        if isStateKept { return .max }
        return switch role {
        // Twice the join's reach beyond its retention, so that what had met a partner meets it again.
        case .join: time + preset.join.retention + 2 * preset.join.within
        case .window: (time / preset.window.size + 1) * preset.window.size + preset.window.grace
        default: nil
        }
    }

    /// Takes an input that has had its effects in an earlier life.
    func restore(_ input: Input) {
        if !isStateKept { pipeline.restore(input) }
    }

    /// Goes on with what another process knew.
    func restore(_ state: DetectorState) throws(DetectorStateError) {
        try pipeline.restoreDetector(from: state.detector)
    }

    /// What is to be kept beside the commit; nil where the records are enough.
    var state: DetectorState? {
        guard isStateKept, let detector = pipeline.detectorDocument else { return nil }
        let positions = Dictionary(uniqueKeysWithValues: ledgers.map { ($0.source, $0.ledger.done) })
        return DetectorState(positions: positions, detector: detector)
    }

    /// What may be committed once all effects so far are durable.
    var progress: [PartitionOffset] { ledgers.map { $0.ledger.progress.committed(on: $0.source) } }
}
