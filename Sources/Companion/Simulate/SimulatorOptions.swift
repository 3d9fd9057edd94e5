import ArgumentParser
import Documents
import EventProcessing
import Foundation
import Program

/// The simulated factory, for every command that lets it run.
struct SimulatorOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What comes, in stages, such as salmon:60,walleye:60 or, mixed, salmon=9+walleye=1:100.",
            valueName: "name:count,…"),
        transform: { try SimulatorPlan($0) })
    var plan = Factory.story

    @Option(
        help: ArgumentHelp("How many fish; the plan begins anew where it is shorter. Default: once.", valueName: "n"))
    var count: Int?

    @Flag(name: .customLong("repeat"), help: "Let the plan begin anew without end.")
    var isRepeated = false

    @Option(help: ArgumentHelp("The same number gives the same fish.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            """
            The time of the first measurement, ISO 8601. Default: now; where time passes faster (--speed), so long ago that \
            the last event is not ahead of now.
            """, valueName: "time"),
        transform: readTimestamp)
    var start: Timestamp?

    @Option(help: ArgumentHelp("From one fish to the next: 2s, 500ms, 1m.", valueName: "span"))
    var interval = TimeSpan(milliseconds: 2_000)

    @Option(help: ArgumentHelp("From a fish's measurement to its weighing.", valueName: "span"))
    var delay = TimeSpan(milliseconds: 10_000)

    @Option(help: ArgumentHelp("The share of weighings that arrive late, 0 to 1.", valueName: "share"))
    var late = 0.0

    @Option(help: ArgumentHelp("How late those are at most.", valueName: "span"))
    var lateness = TimeSpan(milliseconds: 120_000)

    @Option(help: ArgumentHelp("The share of weighings that never arrive.", valueName: "share"))
    var lost = 0.0

    @Option(help: ArgumentHelp("The share of weighings that arrive twice.", valueName: "share"))
    var duplicated = 0.0

    @Option(help: ArgumentHelp("How much later than it happened any event may arrive.", valueName: "span"))
    var jitter = TimeSpan(milliseconds: 0)

    mutating func validate() throws {
        if let count, count < 1 { throw ValidationError("--count is \(count); accepted is a number from 1") }
        if count != nil, isRepeated { throw ValidationError("--count and --repeat exclude each other") }
        for (name, share) in [("--late", late), ("--lost", lost), ("--duplicated", duplicated)] {
            guard (0...1).contains(share) else { throw ValidationError("\(name) is \(share); accepted is 0 to 1") }
        }
        guard interval.milliseconds > 0 else { throw ValidationError("--interval is 0; accepted is 1ms or more") }
        let underWay = (delay.milliseconds + lateness.milliseconds + jitter.milliseconds) / interval.milliseconds
        guard underWay <= Self.underWayMax else {
            throw ValidationError(
                "--delay, --lateness and --jitter let \(underWay) fish be under way at an --interval of "
                    + "\(interval.defaultValueDescription); accepted are \(Self.underWayMax)")
        }
        // A plan that names strangers is told with the other mistakes.
        do { _ = try subjects() } catch { throw ValidationError("--plan: \(error)") }
    }

    /// The most that the simulator holds in memory.
    private static let underWayMax: Int64 = 1_000_000
}

extension SimulatorOptions {
    func subjects() throws(SimulatorPlanError) -> SubjectSequence {
        try SubjectSequence(
            levels: Factory.levels, plan: plan, count: isRepeated ? nil : count ?? plan.count, seed: seed)
    }

    var hasFaults: Bool { late > 0 || lost > 0 || duplicated > 0 || jitter.milliseconds > 0 }

    /// Of a plan that is repeated without end, so many fish are thought of when it is asked how long it takes.
    private static let repeatedCount = 1_000_000

    /// When the first measurement is where nobody says: a model server refuses rows that are ahead of its clock.
    func start(now: Timestamp, isFast: Bool) -> Timestamp {
        guard isFast else { return now }
        let last = Int64(isRepeated ? Self.repeatedCount : count ?? plan.count) * interval.milliseconds
        return now.advanced(
            byMilliseconds: -(last + delay.milliseconds + lateness.milliseconds + jitter.milliseconds))
    }

    /// - Parameter now: the start where none is given.
    func simulator(now: Timestamp) throws(SimulatorPlanError) -> (simulator: Simulator, start: Timestamp) {
        var timing = Simulator.Timing(start: start ?? now)
        timing.interval = interval.milliseconds
        timing.delay = delay.milliseconds
        var faults = Simulator.Faults()
        faults.late = late
        faults.lateness = lateness.milliseconds
        faults.lost = lost
        faults.duplicated = duplicated
        faults.jitter = jitter.milliseconds
        return (Simulator(subjects: try subjects(), timing: timing, faults: faults, seed: seed), timing.start)
    }
}
