import Documents
package import EventProcessing

/// Takes inputs from a source one after the other, has done what the pipeline says, and tells what came of it. One thread.
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
        /// Is told what happens, on the run's own thread.
        package var observer: RunObserver?

        package init(
            roles: Roles, pipeline: Pipeline, source: any EventSource, writer: RecordWriter,
            client: (any ModelClient)?, report: any StreamReport, output: any LineOutput, notices: any RunNotices,
            clock: any StreamClock, pacing: Pacing, random: any RandomNumberGenerator = SystemRandomNumberGenerator(),
            observer: RunObserver? = nil
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
            self.observer = observer
        }
    }

    private var parts: Parts
    private let interpreter: Interpreter<LineSink>
    /// False while an event is worked on, and for good where that was broken off: it must come again.
    private var isBetweenEvents = true
    private var standings = StandingSchedule()

    package init(_ parts: Parts) {
        precondition(parts.client != nil || !parts.roles.needModel, "these roles need a model server")
        self.parts = parts
        interpreter = Interpreter(
            sink: LineSink(parts.report, output: parts.output), writer: parts.writer, client: parts.client,
            notices: parts.notices, clock: parts.clock, random: parts.random, observer: parts.observer)
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
            try interpreter.settle()
            // Where the place could not be saved, the next run only reads more again.
            if isBetweenEvents { try? settle(isLast: true) }
        } catch {
            if end == .inputEnded { end = Self.end(error) }
        }
        var summary = interpreter.summary
        summary.unrecorded = interpreter.unrecordedCount
        summary.joins = parts.pipeline.joinCounts
        (summary.unmatchedMeasurements, summary.unmatchedOutcomes) = parts.pipeline.unmatched
        summary.late = parts.pipeline.lateCount
        summary.elapsed = parts.clock.now - begin
        parts.observer?(.standing(standing))
        return (end, summary)
    }

    private mutating func takeAll(since begin: Duration) -> End {
        do {
            try interpreter.sink.begin()
            while !parts.clock.isStopping {
                let delivery = try next()
                isBetweenEvents = false
                switch consume delivery {
                case .some(let delivery): try take(delivery)
                case .none:
                    try handle(.ended)
                    isBetweenEvents = true
                    return .inputEnded
                }
                isBetweenEvents = true
                try settle(isLast: false)
                let elapsed = parts.clock.now - begin
                if let observer = parts.observer, standings.isDue(at: elapsed) { observer(.standing(standing)) }
                parts.notices.show(
                    RunProgress(fraction: parts.source.fraction, events: interpreter.summary.events, elapsed: elapsed))
            }
            return .stopped
        } catch {
            return Self.end(error)
        }
    }

    private var standing: RunStanding {
        var standing = RunStanding(role: parts.roles)
        standing.add(parts.pipeline)
        standing.unrecorded = interpreter.unrecordedCount
        return standing
    }

    private static func end(_ error: any Error) -> End {
        switch error {
        case RunInterruption.stopped: .stopped
        case RunInterruption.output(.closed): .outputClosed
        case RunInterruption.output(.failed(let reason)): .outputFailed(reason)
        default: .sourceFailed("\(error)")
        }
    }
}

// MARK: - Input

extension StreamRunner {
    /// Asks for input without waiting while rows could be recorded instead.
    private mutating func next() throws(SourceError) -> Delivery? {
        try parts.source.next(waiting: interpreter.unrecordedCount == 0 ? Self.patience : .zero)
    }

    private mutating func take(_ delivery: consuming Delivery) throws {
        switch consume delivery {
        case .idle: return try interpreter.flush()
        case .resumed(let time, let detector): return resume(at: time, detector)
        case .skipped: interpreter.summary.skipped += 1
        case .setAside(let thing): try interpreter.setAside(thing, .input(()))
        case .input(let input, let due):
            foresee(from: input)
            let pause = parts.pacing.isUnbounded ? .zero : parts.pacing.pause(before: due, now: parts.clock.now)
            if pause > .zero {
                try interpreter.flush()
                parts.clock.wait(pause)
                // Nothing of the event has been done yet.
                if parts.clock.isStopping { throw RunInterruption.stopped }
            }
            try handle(input)
        }
        interpreter.summary.events += 1
    }

    /// Where no event is waited for, many predictions are asked for at once.
    private mutating func foresee(from input: Input) {
        guard parts.pacing.isUnbounded, parts.roles.contains(.predict), case let count = interpreter.foreseenNext,
            count > 0, case .event(.measurement(let first)) = input
        else { return }
        var measurements = [first]
        measurements.reserveCapacity(count)
        // As many weighings may stand between them.
        measurements += parts.source.upcomingMeasurements(among: 2 * count).prefix(count - 1)
        interpreter.foresee(measurements)
    }

    /// The state may be of another version of the program. To begin anew costs some rows of evidence.
    private mutating func resume(at time: Timestamp, _ detector: JSON?) {
        do throws(DetectorStateError) {
            try parts.pipeline.resume(at: time, detector: detector)
        } catch {
            parts.notices.say("\(error); it begins anew")
        }
    }

    private mutating func handle(_ input: consuming Input) throws {
        if let observer = parts.observer, let kind = InputKind(input) { observer(.taken(kind)) }
        try interpreter.handle(input, of: ()) { parts.pipeline.handle($0) }
    }

    /// Only between two events, when all that was recorded has been sent.
    private mutating func settle(isLast: Bool) throws(SourceError) {
        if interpreter.unrecordedCount == 0 { try parts.source.settle(parts.pipeline, isLast: isLast) }
    }
}
