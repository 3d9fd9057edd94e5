package import EventProcessing

/// What a run came to.
package struct RunSummary: Sendable, Equatable {
    /// Errors of evaluations, those that have one.
    package struct MeanError: Sendable, Equatable {
        package private(set) var count = 0
        private var sum = 0.0

        package var value: Double? { count > 0 ? sum / Double(count) : nil }

        mutating func add(_ error: Double?) {
            guard let error else { return }
            sum += error
            count += 1
        }
    }

    /// Whatever the source delivered.
    package var events = 0
    package var skipped = 0
    package private(set) var setAside = 0
    /// Events that were held because they are dated far ahead of all others, and those of them that others confirmed.
    package private(set) var held = 0
    package private(set) var confirmed = 0
    private var heldShown = 0
    /// How often time was doubted until others confirmed it.
    private var pauses = 0
    private var isTimeDoubted = false
    package var predicted = 0
    package var evaluated = 0
    package var recorded = 0
    /// Evaluated rows that no server has confirmed when the run ends.
    package var unrecorded = 0
    /// How often drift was told of, follow-ups and scheduled checks apart.
    package var drifts = 0
    package var triggers = 0
    package var retrainings = 0
    /// All errors up to the first retraining.
    package private(set) var before = MeanError()
    /// Those of predictions that the last model made; after a retraining, rows of the model before it still come in.
    package private(set) var after = MeanError()
    private var lastModelTime: String?
    package var joins = JoinCounts()
    package var unmatchedMeasurements = 0
    package var unmatchedOutcomes = 0
    package var late = 0
    package var elapsed: Duration = .zero

    package init() {}

    /// How many things set aside are shown one by one.
    private static let setAsideShownMax = 5

    /// Counts it.
    /// - Returns: what is to be said of it.
    mutating func note(_ thing: SetAside) -> [String] {
        setAside += 1
        guard setAside <= Self.setAsideShownMax else { return [] }
        let last = setAside == Self.setAsideShownMax ? ["what else is set aside is only counted"] : []
        return ["set aside: \(thing)"] + last
    }

    /// Machines may pause every hour: of what is usual, people want to hear more and more seldom.
    private var isPauseTold: Bool { pauses <= Self.pausesToldMax || pauses & (pauses - 1) == 0 }
    private static let pausesToldMax = 8

    /// Counts it.
    /// - Returns: what is to be said of it.
    mutating func note(_ remark: Remark) -> [String] {
        switch remark {
        case .held:
            held += 1
            if !isTimeDoubted { pauses += 1 }
            isTimeDoubted = true
            heldShown += 1
            guard isPauseTold, heldShown <= Self.setAsideShownMax else { return [] }
            return ["\(remark)"] + (heldShown == Self.setAsideShownMax ? ["what else is held is only counted"] : [])
        case .confirmed(let count, _):
            confirmed += count
            (heldShown, isTimeDoubted) = (0, false)
            guard isPauseTold else { return [] }
            return ["\(remark)"]
                + (pauses == Self.pausesToldMax
                    ? ["that was the \(pauses)th time; from now on the 16th, 32nd, 64th and so on are told"] : [])
        case .clocksApart: return ["\(remark)"]
        }
    }

    mutating func note(_ publication: Publication) {
        switch publication {
        case .evaluation(let evaluation): note(evaluation)
        case .drift(let drift): if drift.isAlarm { drifts += 1 }
        case .prediction, .withdrawal: break
        }
    }

    private mutating func note(_ evaluation: Evaluation) {
        evaluated += 1
        if retrainings == 0 {
            before.add(evaluation.error)
        } else if lastModelTime == nil || lastModelTime == evaluation.modelTime {
            after.add(evaluation.error)
        }
    }

    /// Whether events came and none of them was of use.
    package var isUseless: Bool { setAside > 0 && setAside + skipped >= events && evaluated + predicted == 0 }

    mutating func noteAbandoned(_ event: Event) {
        switch event {
        case .measurement: unmatchedMeasurements += 1
        case .outcome: unmatchedOutcomes += 1
        }
    }

    /// Adds what another stage of the same run came to.
    package mutating func add(_ other: RunSummary) {
        events += other.events
        setAside += other.setAside
        held += other.held
        confirmed += other.confirmed
        predicted += other.predicted
        evaluated += other.evaluated
        recorded += other.recorded
        drifts += other.drifts
        triggers += other.triggers
        retrainings += other.retrainings
        unmatchedMeasurements += other.unmatchedMeasurements
        unmatchedOutcomes += other.unmatchedOutcomes
        if other.before.count > 0 { before = other.before }
        elapsed = max(elapsed, other.elapsed)
    }

    /// - Parameter modelTime: of the new model, where the server said it.
    mutating func retrain(modelTime: String?) {
        retrainings += 1
        lastModelTime = modelTime
        after = MeanError()
    }
}

// MARK: - Text

extension RunSummary {
    /// A line for each thing that the roles do, names on the left.
    package func lines(for roles: Roles) -> [String] {
        var lines = [line("events", eventsText)]
        if roles.contains(.predict) { lines.append(line("predicted", "\(predicted)")) }
        if roles.contains(.join) {
            lines.append(line("joined", "\(evaluated)"))
            lines.append(line("unmatched", unmatchedText))
        }
        if roles.contains(.record) { lines.append(line("recorded", recordedText)) }
        if roles.contains(.window) { lines.append(line("drift", driftText)) }
        if roles.contains(.trigger) { lines.append(line("triggers", "\(triggers), \(retrainings) retrained")) }
        if held > 0 {
            lines.append(line("held", "\(held) dated far ahead of all others, \(confirmed) of them confirmed"))
        }
        if setAside > 0 { lines.append(line("set aside", "\(setAside)")) }
        if let mean = before.value { lines.append(line("mean error", meanText(mean))) }
        return lines
    }

    /// The same as numbers.
    package func fields(for roles: Roles) -> [(name: String, value: any CustomStringConvertible & Sendable)] {
        var fields: [(name: String, value: any CustomStringConvertible & Sendable)] = [
            ("events", events), ("seconds", elapsed / .seconds(1)), ("setAside", setAside),
        ]
        if roles.contains(.predict) { fields.append(("predicted", predicted)) }
        if roles.contains(.join) {
            fields += [
                ("joined", evaluated), ("measurementsUnmatched", unmatchedMeasurements),
                ("outcomesUnmatched", unmatchedOutcomes),
            ]
        }
        if roles.contains(.record) { fields += [("recorded", recorded), ("unrecorded", unrecorded)] }
        if roles.contains(.window) { fields += [("drifts", drifts), ("late", late)] }
        if roles.contains(.trigger) { fields += [("triggers", triggers), ("retrained", retrainings)] }
        return fields
    }

    private func line(_ name: String, _ text: String) -> String { name.padded(to: 12) + text }

    private var eventsText: String {
        let seconds = elapsed / .seconds(1)
        let rate = seconds > 0 ? ", \(Int(Double(events) / seconds)) a second" : ""
        return "\(events) in \(seconds.fixed(1)) s\(rate)" + (skipped > 0 ? "; \(skipped) of topics not read" : "")
    }

    private var unmatchedText: String {
        let late = joins.left.late + joins.right.late
        let evicted = joins.left.evictedUnmatched + joins.right.evictedUnmatched
        return "\(unmatchedMeasurements) measured without an outcome, \(unmatchedOutcomes) the other way round"
            + (late > 0 ? "; \(late) came too late to be kept" : "")
            + (evicted > 0 ? "; \(evicted) of them let go early because too many were waiting" : "")
    }

    private var recordedText: String {
        "\(recorded)" + (unrecorded > 0 ? "; \(unrecorded) not, the model server is away" : "")
    }

    private var driftText: String {
        "\(drifts) found" + (late > 0 ? "; \(late) came too late for their window" : "")
    }

    private func meanText(_ mean: Double) -> String {
        guard retrainings > 0 else { return "\(mean.fixed(4)) over \(before.count)" }
        let first = "\(mean.fixed(4)) over \(before.count) before the first retraining"
        guard let mean = after.value else { return first }
        return "\(first), \(mean.fixed(4)) over \(after.count) with the last model"
    }
}
