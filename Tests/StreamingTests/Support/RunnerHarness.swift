import Documents
import EventTesting
import Regression
import Specification

@testable import EventProcessing
@testable import Streaming

/// A run in memory, with everything that surrounds it at hand.
struct RunnerHarness {
    var specification = ModelSpecification.fish
    var preset = PresetName.blog
    var roles = Roles.all
    var speed: Double?
    /// The preset's window where it is nil.
    var detector: DetectorRules?
    let client = MemoryModelClient()
    let clock = FakeClock()
    let output = MemoryOutput()
    let notices = MemoryNotices()

    func run(_ source: any EventSource) -> (end: StreamRunner.End, summary: RunSummary) {
        let preset = Preset(preset, for: specification)
        let writer = RecordWriter(specification: specification, preset: preset)
        var runner = StreamRunner(
            StreamRunner.Parts(
                roles: roles,
                pipeline: Pipeline(preset, for: specification, roles: roles, time: TimeRules(), detector: detector),
                source: source,
                writer: writer, client: client, report: DocumentReport(writer), output: output, notices: notices,
                clock: clock, pacing: Pacing(factor: speed), random: Xoshiro256(seed: 1)))
        return runner.run()
    }

    func run(_ events: [Event], then more: [Delivery] = []) -> (end: StreamRunner.End, summary: RunSummary) {
        run(ScriptedSource(deliveries: events.map { .input(.event($0), due: $0.time) } + more))
    }

    /// A subject every two seconds, its outcome ten seconds later, by event time.
    static func factory(_ count: Int, actual: (Int) -> Double? = { _ in 4 }) -> [Event] {
        var events: [Event] = []
        for number in 0..<count {
            let time = Timestamp(milliseconds: 1_623_240_000_000 + Int64(number) * 2000)
            events.append(.measurement(.sample("\(number + 1)", at: time)))
            let told = time.advanced(byMilliseconds: 10_000)
            events.append(.outcome(.sample("\(number + 1)", at: told, value: actual(number))))
        }
        return events.sorted { $0.time < $1.time }
    }
}

extension ScriptedSource {
    init(deliveries: [Delivery]) { self.init(deliveries: deliveries, failure: nil) }
}
