import Documents

/// Does what the pipeline says: publishes, asks the model server, sets aside. `settle` is when all of it is durable.
final class StageEffects {
    private let settings: KafkaRunSettings
    private let writer: RecordWriter
    private let producer: KafkaProducer
    private let server: PatientServer?
    private let clock: any StreamClock
    private let notices: StageNotices
    private var batch = ObservationBatch()
    private var partitionCounts: [String: Int] = [:]
    var summary = RunSummary()

    init(_ role: Roles, _ settings: KafkaRunSettings, _ surroundings: StageSurroundings) throws(KafkaError) {
        self.settings = settings
        writer = RecordWriter(specification: settings.specification, preset: settings.preset)
        producer = try KafkaProducer(settings.cluster)
        clock = surroundings.clock
        let notices = StageNotices(role, surroundings.say)
        self.notices = notices
        server = surroundings.client.map { client in
            PatientServer(
                client: client, clock: surroundings.clock, notices: notices, output: NoOutput(),
                random: SystemRandomNumberGenerator())
        }
    }

    /// - Returns: what the pipeline is to be told next.
    func perform(_ action: Action, for message: KafkaMessage) throws -> Input? {
        switch action {
        case .predict(let measurement): return try predict(measurement, message)
        case .publish(let publication):
            summary.note(publication)
            try publish(outgoing(publication, for: message))
        case .record(let evaluation):
            batch.append(
                ObservationBatch.Row(name: evaluation.identifier, document: writer.observation(evaluation)))
            if batch.isFull { try record() }
        case .trigger(let drift): try trigger(drift, message)
        case .setAside(let thing): try setAside(message, reason: thing.reason)
        case .abandon(let event, let source): try abandon(event, source)
        }
        return nil
    }

    func setAside(_ message: KafkaMessage, reason: String) throws {
        show(SetAside(place: message.name, reason: reason))
        try publish(DeadLetter.of(message, reason: reason, topic: settings.deadLetterTopic))
    }

    /// Waits until everything so far is recorded and acknowledged.
    func settle() throws {
        try record()
        while try !producer.flush(waiting: 200) {
            if clock.isStopping { try flushForTheLastTime() }
        }
    }

    /// A stop is not held up for long by a cluster that is away; what has not arrived is repeated after the next start.
    private func flushForTheLastTime() throws {
        guard try producer.flush(waiting: 3_000) else { throw RunInterruption.stopped }
    }

    /// The partitions of a topic, which the first question creates where the cluster allows it.
    /// - Throws: `RunInterruption.stopped` while the cluster is away and a stop is asked for.
    func partitionCount(_ topic: String) throws -> Int {
        if let count = partitionCounts[topic] { return count }
        while true {
            try producer.serve(waiting: 0)
            if let count = try? producer.client.partitionCount(topic) {
                partitionCounts[topic] = count
                return count
            }
            clock.wait(.milliseconds(200))
            if clock.isStopping { throw RunInterruption.stopped }
        }
    }
}

// MARK: - Publishing

extension StageEffects {
    /// A derived record goes to the partition of the same number, and so to where its partners are, whichever way the
    /// machines' producers choose partitions; its header says what it was derived from.
    private func outgoing(_ publication: Publication, for message: KafkaMessage) throws -> OutgoingMessage {
        let record = writer.record(publication)
        var headers: [(name: String, value: String)] = []
        var partition: Int32? = message.source.partition
        switch publication {
        case .prediction: headers = [(StageInputs.sourceHeader, message.name)]
        case .evaluation(let evaluation):
            headers = evaluation.source.map { [(StageInputs.sourceHeader, $0)] } ?? []
        case .drift, .withdrawal: partition = nil
        }
        if let number = partition, try partitionCount(record.topic) <= Int(number) { partition = nil }
        return OutgoingMessage(
            topic: record.topic, partition: partition, time: record.time, key: record.key.bytes,
            value: record.value?.bytes, headers: headers)
    }

    private func publish(_ message: OutgoingMessage) throws {
        while try !producer.publish(message) {
            try producer.serve(waiting: 50)
            if clock.isStopping { throw RunInterruption.stopped }
        }
    }

    private func abandon(_ event: Event, _ source: RecordSource) throws {
        let outcome = settings.preset.topics.outcome
        let reason =
            switch event {
            case .measurement: "no record of \(outcome) came for it"
            case .outcome: "no record of \(settings.preset.topics.prediction) came for it"
            }
        switch event {
        case .measurement: summary.unmatchedMeasurements += 1
        case .outcome: summary.unmatchedOutcomes += 1
        }
        try publish(
            DeadLetter.of(
                event, from: source, value: event.document(settings.specification), reason: reason,
                topic: settings.deadLetterTopic))
    }

    private func show(_ thing: SetAside) {
        for line in summary.note(thing) { notices.say(line) }
    }
}

// MARK: - The model server

extension StageEffects {
    private func predict(_ measurement: Measurement, _ message: KafkaMessage) throws -> Input? {
        guard let level = measurement.level, let server else { return nil }
        switch try server.predict(predictors: measurement.predictors.compactMap(\.self), level: level) {
        case .success(let prediction):
            summary.predicted += 1
            return .predicted(
                PredictedMeasurement(
                    measurement: measurement, value: prediction.value, modelTime: prediction.modelTime))
        case .failure(let refusal):
            try setAside(message, reason: refusal.reason)
            return nil
        }
    }

    private func trigger(_ drift: Drift, _ message: KafkaMessage) throws {
        guard let server else { return }
        summary.triggers += 1
        switch try server.train(writer.document(drift)) {
        case .success(let answer):
            notices.say("trigger of \(drift.period.start): \(answer.compact)")
            if answer["status"]?.text == "retrained" {
                summary.retrain(modelTime: writer.modelTime(ofTraining: answer))
            }
        case .failure(let refusal): try setAside(message, reason: refusal.reason)
        }
    }

    func record() throws {
        guard let server, !batch.isEmpty else { return }
        var deliveries: [ObservationBatch.Delivery] = []
        defer { for case .recorded(let count) in deliveries { summary.recorded += count } }
        try batch.send(to: server) { deliveries.append($0) }
        for case .refused(let thing, let row) in deliveries { try setAside(thing, row: row) }
    }

    /// A row that the server refuses goes to the dead letters as it was sent.
    private func setAside(_ thing: SetAside, row: JSON) throws {
        show(thing)
        try publish(
            OutgoingMessage(
                topic: settings.deadLetterTopic, time: nil, key: Array(thing.place.utf8), value: row.bytes,
                headers: [("reason", thing.reason), ("source-topic", settings.preset.topics.evaluation)]))
    }
}
