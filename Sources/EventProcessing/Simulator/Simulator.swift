package import Documents

/// The two machines as a pure, repeatable sequence of events: each subject is measured, and some time later its truth
/// is told. Events come in the order of their arrival; without faults that is the order of their times, a measurement
/// before the outcomes of the same millisecond.
package struct Simulator: Sequence, IteratorProtocol, Sendable {
    /// When things happen, in milliseconds.
    package struct Timing: Sendable, Equatable {
        package var start: Timestamp
        /// From one subject to the next; above 0.
        package var interval: Int64 = 2_000
        /// From the measurement to the outcome.
        package var delay: Int64 = 10_000

        package init(start: Timestamp) { self.start = start }
    }

    /// What goes wrong with outcomes on their way, and how often. A fault changes when an event arrives and how many
    /// times, never the event itself nor the subjects.
    package struct Faults: Sendable, Equatable {
        /// Arrives up to `lateness` milliseconds after its time.
        package var late = 0.0
        package var lateness: Int64 = 120_000
        /// Never arrives.
        package var lost = 0.0
        /// Arrives once more, up to one interval later.
        package var duplicated = 0.0
        /// Any event, measurements too, arrives up to so many milliseconds after its time.
        package var jitter: Int64 = 0

        package init() {}
    }

    package struct Arrival: Sendable, Equatable {
        /// When the event arrives: its own time, or later.
        package let time: Timestamp
        package let event: Event
    }

    private let timing: Timing
    private let faults: Faults
    private var subjects: SubjectSequence
    private var upcoming: SimulatedSubject?
    private var chance: Xoshiro256
    /// Events made and not yet due. What is measured between two arrivals bounds it.
    private var pending = ArrivalQueue()

    package init(subjects: SubjectSequence, timing: Timing, faults: Faults = Faults(), seed: UInt64) {
        precondition(timing.interval > 0 && timing.delay >= 0 && faults.lateness >= 0 && faults.jitter >= 0)
        self.timing = timing
        self.faults = faults
        self.subjects = subjects
        upcoming = self.subjects.next()
        chance = Xoshiro256(seed: seed, stream: 1)
    }

    package mutating func next() -> Arrival? {
        while let subject = upcoming, pending.firstTime.map({ time(of: subject) <= $0 }) ?? true {
            schedule(subject)
            upcoming = subjects.next()
        }
        return pending.popFirst()
    }

    private func time(of subject: SimulatedSubject) -> Timestamp {
        timing.start.advanced(byMilliseconds: Int64(subject.number - 1) * timing.interval)
    }

    /// Every subject uses up as many chances as any other, so that one fault's rate does not move the others.
    private mutating func schedule(_ subject: SimulatedSubject) {
        let measured = time(of: subject)
        let told = measured.advanced(byMilliseconds: timing.delay)
        let (measurementJitter, outcomeJitter) = (delay(upTo: faults.jitter), delay(upTo: faults.jitter))
        let isLost = happens(faults.lost)
        let (isLate, lateness) = (happens(faults.late), delay(upTo: faults.lateness))
        let (isDuplicated, distance) = (happens(faults.duplicated), delay(upTo: timing.interval))

        pending.insert(
            Arrival(
                time: measured.advanced(byMilliseconds: measurementJitter),
                event: .measurement(subject.measurement(at: measured))),
            isOutcome: false)
        guard !isLost else { return }
        let arrival = told.advanced(byMilliseconds: outcomeJitter + (isLate ? lateness : 0))
        let outcome = Event.outcome(subject.outcome(at: told))
        pending.insert(Arrival(time: arrival, event: outcome), isOutcome: true)
        guard isDuplicated else { return }
        pending.insert(Arrival(time: arrival.advanced(byMilliseconds: distance), event: outcome), isOutcome: true)
    }

    private mutating func happens(_ rate: Double) -> Bool { chance.nextFraction() < rate }

    private mutating func delay(upTo milliseconds: Int64) -> Int64 {
        Int64((chance.nextFraction() * Double(milliseconds)).rounded(.up))
    }
}

extension SimulatedSubject {
    func measurement(at time: Timestamp) -> Measurement {
        Measurement(
            identifier: String(number), level: level, predictors: predictors, timestampText: time.description,
            time: time)
    }

    func outcome(at time: Timestamp) -> Outcome {
        Outcome(identifier: String(number), level: level, value: response, timestampText: time.description, time: time)
    }
}
