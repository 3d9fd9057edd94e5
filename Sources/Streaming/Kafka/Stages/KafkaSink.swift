import Documents
import EventProcessing
import Specification

/// Publishes results on the topics, and what cannot be used on the topic for dead letters. `settle` is when the cluster
/// has all of it.
final class KafkaSink: ResultSink {
    /// Waits are cut into pieces of this length, so that the clock can look after the group in between.
    private static let breath: Duration = .milliseconds(1)

    private let settings: KafkaRunSettings
    private let writer: RecordWriter
    private let producer: KafkaProducer
    private let clock: any StreamClock
    private let notices: any RunNotices
    /// Few, and one of them is asked for with each record: the same text is found sooner than a hash.
    private var partitionCounts: [(topic: String, count: Int)] = []

    init(
        _ settings: KafkaRunSettings, writer: RecordWriter, clock: any StreamClock, notices: any RunNotices
    ) throws(KafkaError) {
        self.settings = settings
        self.writer = writer
        self.clock = clock
        self.notices = notices
        producer = try KafkaProducer(settings.cluster)
    }

    func publish(_ publication: Publication, of origin: Record) throws {
        try publish(outgoing(publication, of: origin))
    }

    func tell(trained answer: JSON, for drift: Drift) {
        notices.say("trigger of \(drift.period.start): \(answer.compact)")
    }

    func setAside(_ thing: SetAside, _ rejected: Rejected<Record>) throws -> SetAside {
        switch rejected {
        case .input(let message):
            try bury(DeadLetter.of(message, reason: thing.reason, topic: settings.deadLetterTopic))
            return SetAside(place: message.name, reason: thing.reason)
        case .event(let event, let source):
            if let source { try reject(event, from: source, reason: thing.reason) }
            return thing
        case .row(let row):
            try bury(
                DeadLetter.of(
                    row, thing, of: settings.preset.topics.evaluation, topic: settings.deadLetterTopic,
                    at: clock.date))
            return thing
        }
    }

    func abandon(_ event: Event, from source: RecordPlace) throws {
        let topics = settings.preset.topics
        let reason =
            switch event {
            case .measurement: "no record of \(topics.outcome) came for it"
            case .outcome: "no record of \(topics.prediction) came for it"
            }
        try reject(event, from: source, reason: reason)
    }

    private func reject(_ event: Event, from source: RecordPlace, reason: String) throws {
        try bury(
            DeadLetter.of(
                event, from: source, value: event.text(settings.specification), reason: reason,
                topic: settings.deadLetterTopic))
    }

    /// The cluster's client sends within milliseconds by itself.
    func flush() {}

    func settle() throws {
        while try !producer.flush(waiting: 50) {
            if clock.isStopping { return try flushForTheLastTime() }
            clock.wait(Self.breath)
        }
    }

    /// A stop is not held up for long by a cluster that is away; what has not arrived is repeated after the next start.
    private func flushForTheLastTime() throws {
        guard try producer.flush(waiting: 2_000) else { throw RunInterruption.stopped }
    }

    /// The partitions of a topic, which the first question creates where the cluster allows it.
    /// - Returns: nil while there is no such topic.
    func knownPartitionCount(_ topic: String) throws(KafkaError) -> Int? {
        if let known = partitionCounts.first(where: { $0.topic == topic }) { return known.count }
        try producer.serve(waiting: 0)
        guard let count = try producer.client.partitionCount(topic) else { return nil }
        partitionCounts.append((topic, count))
        return count
    }

    /// Waits for the topic.
    /// - Throws: `RunInterruption.stopped` where a stop is asked for meanwhile.
    private func partitionCount(_ topic: String) throws -> Int {
        if let known = partitionCounts.first(where: { $0.topic == topic }) { return known.count }
        var wait = StageWait()
        while true {
            do throws(KafkaError) {
                let count = try knownPartitionCount(topic)
                let reason = count == nil ? StagePlan.missing([topic]) : nil
                if let text = wait.note(reason, at: clock.now) { notices.say(text) }
                if let count { return count }
            } catch {
                if !error.isPassing { throw error }
            }
            clock.wait(.milliseconds(200))
            if clock.isStopping { throw RunInterruption.stopped }
        }
    }

    /// A derived record goes to the partition of the same number, and so to where its partners are, whichever way the
    /// machines' producers choose partitions.
    private func outgoing(_ publication: Publication, of origin: Record) throws -> Record {
        var record = writer.record(publication)
        record.headers = DerivedHeaders.of(publication, from: origin, settings.preset).headers
        switch publication {
        case .prediction, .evaluation:
            if let partition = origin.partition, try partitionCount(record.topic) > Int(partition) {
                record.partition = partition
            }
        case .drift, .withdrawal: break
        }
        return record
    }

    /// Returns when the cluster has these records of the stage's own.
    func keep(_ records: [Record]) throws {
        for record in records { try publish(record) }
        try settle()
    }

    /// Publishes a dead letter, cut where it is larger than the producer takes: the headers come on top of a record that
    /// may be as large as any.
    private func bury(_ letter: Record) throws {
        do {
            try publish(letter)
        } catch let error as KafkaError where error.isOfRecord {
            guard let cut = DeadLetter.cut(letter) else { throw error }
            try bury(cut)
        }
    }

    private func publish(_ record: Record) throws {
        while try !producer.publish(record) {
            try producer.serve(waiting: 50)
            clock.wait(Self.breath)
            if clock.isStopping { throw RunInterruption.stopped }
        }
    }
}
