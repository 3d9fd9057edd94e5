import ArgumentParser
import EventProcessing

/// What of a preset's rules can be set apart from it.
struct RuleOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The mean error of a window above which the model is retrained.", valueName: "error"),
        transform: { text in
            guard let value = Double(text), value.isFinite, value > 0 else {
                throw ValidationError("accepted is a number above 0, such as 0.15")
            }
            return value
        })
    var threshold: Double?

    @Option(help: ArgumentHelp("The length of a window: 250ms, 60s, 1m, 2h, or seconds.", valueName: "span"))
    var window: TimeSpan?

    @Option(help: ArgumentHelp("How far apart a measurement and its outcome may be.", valueName: "span"))
    var within: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "How late a record may come and still count, for the join and for the window.", valueName: "span"))
    var grace: TimeSpan?

    @Option(
        help: ArgumentHelp(
            """
            How far ahead of all others of its machine an event may be dated; further ahead, it waits until others confirm \
            that time. Default: 5m. Records of topics are believed, as by ksqlDB.
            """, valueName: "span"))
    var leap: TimeSpan?

    var time: TimeRules {
        var rules = TimeRules()
        if let leap { rules.leap = leap.milliseconds }
        return rules
    }

    /// The names of those that are given and mean nothing without windows.
    var givenOfWindow: [String] {
        [threshold.map { _ in "--threshold" }, window.map { _ in "--window" }].compactMap(\.self)
    }

    /// Each open window is held in memory.
    private static let openWindowsMax: Int64 = 100_000

    func applied(to preset: Preset) -> Preset {
        var preset = preset
        if let threshold { preset.window.threshold.value = threshold }
        if let window { preset.window.size = window.milliseconds }
        if let within { preset.join.within = within.milliseconds }
        if let grace {
            preset.window.grace = grace.milliseconds
            preset.join.grace = grace.milliseconds
        }
        return preset
    }

    func validate(preset: @autoclosure () -> Preset) throws {
        if let window, window.milliseconds < 1 { throw ValidationError("--window is 0; accepted is 1ms or more") }
        if let leap, leap.milliseconds < 1 { throw ValidationError("--leap is 0; accepted is 1ms or more") }
        let rules = preset()
        guard rules.join.retention > 0 else {
            throw ValidationError("--within and --grace are both 0; accepted is 1ms or more for one of them")
        }
        let open = rules.window.grace / rules.window.size
        guard open <= Self.openWindowsMax else {
            throw ValidationError(
                "--grace is \(open) windows long; accepted are \(Self.openWindowsMax), each is held in memory")
        }
    }
}
