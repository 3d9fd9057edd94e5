import Documents
import EventProcessing

/// The partitions that feed one task, as one sequence: each partition in its own order, and of the records at their
/// heads the earliest first, as Kafka Streams does it.
///
/// What a partition without a record would bring next is not known. A head passes it only where the partition has been
/// cleared to the head's time: its end was reached, and upstream had already committed past that time.
///
/// After a start, the records that have had their effects come first (`isRestored` tells them), so that the state is
/// whole before anything new meets it.
struct InputMerge: Sendable {
    struct Next {
        let record: Record
        /// The number of its partition among those that were given.
        let input: Int
        let offset: Int64
        /// Whether the record has had its effects in an earlier life.
        let isRestored: Bool
    }

    private struct Input {
        let source: TopicPartition
        private var waiting = Queue<Record>()
        /// Of the record that is next; kept, since it is asked for often.
        private(set) var head: (time: Int64, offset: Int64)?
        /// The offset after the last record that was read.
        var read: Int64
        /// Records before it have had their effects.
        var done: Int64
        var clearedTo: Int64 = .min

        init(_ start: PartitionStart) { (source, read, done) = (start.source, start.offset, start.done) }

        var isEmpty: Bool { head == nil }
        var waitingCount: Int { waiting.count }
        var isRestoring: Bool { (head?.offset ?? read) < done }
        var latestTime: Int64? { waiting.max { $0.time.milliseconds } }

        mutating func append(_ record: consuming Record, at offset: Int64) {
            if head == nil { head = (record.time.milliseconds, offset) }
            waiting.append(record)
            read = offset + 1
        }

        mutating func popFirst() -> Record? {
            let record = waiting.popFirst()
            head = waiting.first { next in next.offset.map { (next.time.milliseconds, $0) } } ?? nil
            return record
        }
    }

    /// In the order in which they are asked where times are equal.
    private var inputs: [Input]
    /// Whether even a single partition must wait for what is cleared.
    private let isGated: Bool
    private var clearedTo: Int64 = .min

    init(_ starts: [PartitionStart], isGated: Bool = false) {
        inputs = starts.map { Input($0) }
        self.isGated = isGated
    }

    var waitingCount: Int { inputs.reduce(0) { $0 + $1.waitingCount } }

    func waitingCount(_ source: TopicPartition) -> Int {
        index(source).map { inputs[$0].waitingCount } ?? 0
    }

    /// Where each partition is read on.
    var positions: [TopicPartition: Int64] {
        Dictionary(uniqueKeysWithValues: inputs.map { ($0.source, $0.read) })
    }

    /// The offset up to which everything of a partition has been handed out: the position, where nothing waits.
    func passed(_ source: TopicPartition) -> Int64? { index(source).map(passed) }

    /// - Parameter input: the number of the partition among those that were given.
    func passed(_ input: Int) -> Int64 { inputs[input].head?.offset ?? inputs[input].read }

    /// - Parameter record: stands in the partition.
    /// - Returns: how many of the partition wait.
    @discardableResult
    mutating func append(_ record: consuming Record, from source: TopicPartition) -> Int {
        guard let index = index(source), let offset = record.offset else { return 0 }
        inputs[index].append(record, at: offset)
        return inputs[index].waitingCount
    }

    /// The end of a partition was reached; some of its offsets may hold no record.
    mutating func reachEnd(_ source: TopicPartition, at offset: Int64) {
        guard let index = index(source) else { return }
        inputs[index].read = max(inputs[index].read, offset)
        if inputs[index].isEmpty { inputs[index].done = min(inputs[index].done, inputs[index].read) }
    }

    /// Partitions whose next record is not known, with how far they have been read.
    var empty: [(source: TopicPartition, read: Int64)] {
        inputs.filter(\.isEmpty).map { ($0.source, $0.read) }
    }

    /// Whether there are records, and none of them may pass.
    var isBlocked: Bool { inputs.contains { !$0.isEmpty } && candidate() == nil }

    /// What fills the partitions had come to this time (nil: to all that there is) before these ends were looked up.
    mutating func clear(to time: Int64?, ends: [TopicPartition: Int64]) {
        let all = inputs.compactMap(\.latestTime).max() ?? .min
        let time = time ?? all
        clearedTo = max(clearedTo, time)
        for index in inputs.indices where inputs[index].isEmpty {
            guard let end = ends[inputs[index].source], inputs[index].read >= end else { continue }
            inputs[index].clearedTo = max(inputs[index].clearedTo, time)
        }
    }

    mutating func next() -> Next? {
        guard let (index, isRestored) = candidate(), let offset = inputs[index].head?.offset,
            let record = inputs[index].popFirst()
        else { return nil }
        return Next(record: consume record, input: index, offset: offset, isRestored: isRestored)
    }

    /// The records that `next` will hand out, as far as their order is known, without those that have had their effects.
    func upcoming(_ count: Int) -> [Record] {
        var merge = self
        var records: [Record] = []
        while records.count < count, let next = merge.next() {
            if !next.isRestored { records.append(next.record) }
        }
        return records
    }

    private func candidate() -> (index: Int, isRestored: Bool)? {
        if inputs.contains(where: \.isRestoring) {
            let isReady = inputs.allSatisfy { !$0.isRestoring || !$0.isEmpty }
            return isReady ? earliest(where: \.isRestoring).map { ($0, true) } : nil
        }
        guard let index = earliest(where: { _ in true }), let time = inputs[index].head?.time else { return nil }
        if isGated, time > clearedTo { return nil }
        let mayPass = inputs.allSatisfy { !$0.isEmpty || time <= $0.clearedTo }
        return mayPass ? (index, false) : nil
    }

    private func earliest(where isAsked: (Input) -> Bool) -> Int? {
        var found: (index: Int, time: Int64)?
        for index in inputs.indices where isAsked(inputs[index]) {
            guard let time = inputs[index].head?.time, time < found?.time ?? .max else { continue }
            found = (index, time)
        }
        return found?.index
    }

    private func index(_ source: TopicPartition) -> Int? { inputs.firstIndex { $0.source == source } }
}
