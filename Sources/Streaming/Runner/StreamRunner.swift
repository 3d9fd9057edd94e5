import Documents

/// Takes inputs from a source, does what the pipeline says, and tells what came of it. One thread; every request is
/// answered before the next event is looked at, so that the same input gives the same output.
package struct StreamRunner {
    /// How long to wait for input before looking whether a stop was asked for.
    private static let patience: Duration = .milliseconds(100)
    package struct Parts {
        package var roles: Roles
        package var pipeline: Pipeline
        package var source: any EventSource
        package var writer: RecordWriter
        /// Not needed where no role asks the model server.
        package var client: (any ModelClient)?
        package var report: any StreamReport
        package var output: any LineOutput
        package var notices: any RunNotices
        package var clock: any StreamClock
        package var pacing: Pacing
        /// For the length of pauses alone; nothing that is output depends on it.
        package var random: any RandomNumberGenerator

        package init(
            roles: Roles, pipeline: Pipeline, source: any EventSource, writer: RecordWriter,
            client: (any ModelClient)?, report: any StreamReport, output: any LineOutput, notices: any RunNotices,
            clock: any StreamClock, pacing: Pacing, random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        ) {
            self.roles = roles
            self.pipeline = pipeline
            self.source = source
            self.writer = writer
            self.client = client
            self.report = report
            self.output = output
            self.notices = notices
            self.clock = clock
            self.pacing = pacing
            self.random = random
        }
    }

    private var parts: Parts
    private let server: PatientServer?
    private var batch = ObservationBatch()
    private var summary = RunSummary()
    /// False while an event is worked on, and for good where that was broken off: it must come again.
    private var isBetweenEvents = true
    /// The model that was last asked what it says of itself.
    private var statedModelTime: String?

    package init(_ parts: Parts) {
        precondition(parts.client != nil || !parts.roles.needModel, "these roles need a model server")
        self.parts = parts
        server = parts.client.map { client in
            PatientServer(
                client: client, clock: parts.clock, notices: parts.notices, output: parts.output,
                random: parts.random)
        }
    }

    package enum End: Sendable, Equatable {
        case inputEnded
        /// A stop was asked for.
        case stopped
        /// Nobody reads the output any more.
        case outputClosed
        case sourceFailed(String)
        case outputFailed(String)
    }

    /// Runs until the input ends or something ends it before; then what can still be recorded is.
    package mutating func run() -> (end: End, summary: RunSummary) {
        let begin = parts.clock.now
        var end = takeAll(since: begin)
        do {
            try flush()
            // A place that is not kept only means that more is read again.
            if isBetweenEvents { try? settle(isLast: true) }
        } catch {
            if end == .inputEnded { end = Self.end(error) }
        }
        summary.unrecorded = batch.count
        summary.joins = parts.pipeline.joinCounts
        (summary.unmatchedMeasurements, summary.unmatchedOutcomes) = parts.pipeline.unmatched
        summary.late = parts.pipeline.lateCount
        summary.elapsed = parts.clock.now - begin
        return (end, summary)
    }

    private mutating func takeAll(since begin: Duration) -> End {
        do {
            try write(parts.report.head)
            while !parts.clock.isStopping {
                guard let delivery = try next() else { return .inputEnded }
                isBetweenEvents = false
                try take(delivery)
                isBetweenEvents = true
                try settle(isLast: false)
                let elapsed = parts.clock.now - begin
                parts.notices.show(
                    RunProgress(fraction: parts.source.fraction, events: summary.events, elapsed: elapsed))
            }
            return .stopped
        } catch let error as SourceError {
            return .sourceFailed(error.description)
        } catch {
            return (error as? RunInterruption).map(Self.end) ?? .sourceFailed("\(error)")
        }
    }

    private static func end(_ interruption: RunInterruption) -> End {
        switch interruption {
        case .stopped: .stopped
        case .output(.closed): .outputClosed
        case .output(.failed(let reason)): .outputFailed(reason)
        }
    }
}

// MARK: - Input

extension StreamRunner {
    /// Asks for input without waiting while rows could be recorded instead.
    private mutating func next() throws(SourceError) -> Delivery? {
        try parts.source.next(waiting: batch.isEmpty ? Self.patience : .zero)
    }

    private mutating func take(_ delivery: Delivery) throws(RunInterruption) {
        switch delivery {
        case .idle: return try flush()
        case .resumed(let time): return parts.pipeline.resume(at: time)
        case .skipped: summary.skipped += 1
        case .setAside(let thing): setAside(thing)
        case .input(let input, let due):
            let pause = parts.pacing.pause(before: due, now: parts.clock.now)
            if pause > .zero {
                try flush()
                parts.clock.wait(pause)
                // The event has not been touched.
                if parts.clock.isStopping { throw .stopped }
            }
            try handle(input)
        }
        summary.events += 1
    }

    /// Between two events: what is recorded by then has gone out.
    private mutating func settle(isLast: Bool) throws(SourceError) {
        if batch.isEmpty { try parts.source.settle(parts.pipeline.memory, isLast: isLast) }
    }

    private mutating func handle(_ input: Input) throws(RunInterruption) {
        for action in parts.pipeline.handle(input) { try perform(action) }
    }

    private mutating func setAside(_ thing: SetAside) {
        for line in summary.note(thing) { parts.notices.say(line) }
    }
}

// MARK: - Actions

extension StreamRunner {
    private mutating func perform(_ action: Action) throws(RunInterruption) {
        switch action {
        case .predict(let measurement): try predict(measurement)
        case .publish(let publication):
            summary.note(publication)
            try write(parts.report.lines(publication))
        case .record(let evaluation):
            batch.append(
                ObservationBatch.Row(name: evaluation.identifier, document: parts.writer.observation(evaluation)))
            if batch.isFull { try record() }
        case .trigger(let drift): try trigger(drift)
        case .setAside(let thing): setAside(thing)
        // Counted by the join, and told of at the end.
        case .abandon: break
        }
    }

    private mutating func predict(_ measurement: Measurement) throws(RunInterruption) {
        guard let level = measurement.level, let server else { return }
        switch try server.predict(predictors: measurement.predictors.compactMap(\.self), level: level) {
        case .success(let prediction):
            summary.predicted += 1
            try learn(of: prediction.modelTime, from: server)
            var predicted = PredictedMeasurement(
                measurement: measurement, value: prediction.value, modelTime: prediction.modelTime)
            predicted.isLevelSeen = prediction.isLevelSeen
            try handle(.predicted(predicted))
        case .failure(let refusal):
            setAside(SetAside(place: measurement.identifier, reason: refusal.reason))
        }
    }

    /// Asks a model that has not answered before what it says of itself, once, where the detector needs that. A training
    /// is not the only way to another model: others train too, and go back.
    private mutating func learn(of modelTime: String, from server: PatientServer) throws(RunInterruption) {
        guard parts.pipeline.needsStatement, modelTime != statedModelTime else { return }
        statedModelTime = modelTime
        switch try server.model() {
        case .success(let document):
            let statement = ModelStatement(document)
            if statement?.sigma == nil {
                parts.notices.say("the model of \(modelTime) does not say how far its errors go; they are not judged")
            }
            try handle(.serving(statement))
        case .failure(let refusal):
            parts.notices.say("the model of \(modelTime) cannot be asked, its errors are not judged: \(refusal.reason)")
            try handle(.serving(nil))
        }
    }

    private mutating func trigger(_ drift: Drift) throws(RunInterruption) {
        try flush()
        guard let server else { return }
        summary.triggers += 1
        switch try server.train(parts.writer.document(drift)) {
        case .success(let answer):
            if answer["status"]?.text == "retrained" {
                summary.retrain(modelTime: parts.writer.modelTime(ofTraining: answer))
                // Two models of one second bear the same time, so this one is asked even where the time has not changed.
                statedModelTime = nil
                try handle(.serving(nil))
            }
            try write(parts.report.lines(trained: answer))
        case .failure(let refusal):
            setAside(SetAside(place: "trigger of \(drift.period.start)", reason: refusal.reason))
        }
    }

    private mutating func write(_ lines: [String]) throws(RunInterruption) {
        do {
            for line in lines { try parts.output.write(line) }
        } catch {
            throw .output(error)
        }
    }

    /// Nothing stays behind: before a wait, before a training, at the end.
    private mutating func flush() throws(RunInterruption) {
        try record()
        do {
            try parts.output.flush()
        } catch {
            throw .output(error)
        }
    }

    private mutating func record() throws(RunInterruption) {
        guard let server else { return }
        var deliveries: [ObservationBatch.Delivery] = []
        defer { for delivery in deliveries { note(delivery) } }
        try batch.send(to: server) { deliveries.append($0) }
    }

    private mutating func note(_ delivery: ObservationBatch.Delivery) {
        switch delivery {
        case .recorded(let count): summary.recorded += count
        case .refused(let thing, _): setAside(thing)
        }
    }
}
