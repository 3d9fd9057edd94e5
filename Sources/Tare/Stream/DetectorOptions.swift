import ArgumentParser
import Streaming

/// How drift is found, and the rules of the sequential detector. The window's are among the preset's.
struct DetectorOptions: ParsableArguments {
    enum Name: String, ExpressibleByArgument, CaseIterable { case window, sequential }

    @Option(
        help: """
            window: by the mean error of a window, as the original. sequential: after every fish, each species by itself, \
            against the model's own sigma.
            """)
    var detector = Name.window

    @Option(
        help: ArgumentHelp(
            "Of sequential: the mean number of fish of a species between two false alarms, at least. Default: 1000000.",
            valueName: "fish"))
    var falseAlarmEvery: Int?

    @OptionGroup var sequential: SequentialOptions

    func rules(_ preset: Preset) -> DetectorRules {
        switch detector {
        case .window: return .window(preset.window)
        case .sequential:
            var rules = sequential.rules
            if let falseAlarmEvery { rules.falseAlarmInterval = Double(falseAlarmEvery) }
            return .sequential(rules)
        }
    }

    static func check(falseAlarmEvery: Int) throws {
        guard (100...1_000_000_000_000).contains(falseAlarmEvery) else {
            throw ValidationError("--false-alarm-every is \(falseAlarmEvery); accepted is 100 to 1000000000000")
        }
    }

    func validate() throws {
        if let falseAlarmEvery { try Self.check(falseAlarmEvery: falseAlarmEvery) }
    }

    func validate(against rules: RuleOptions, roles: Roles) throws {
        switch detector {
        case .window:
            if let name = falseAlarmEvery.map({ _ in "--false-alarm-every" }) ?? sequential.given.first {
                throw ValidationError("\(name) is a rule of --detector sequential; the detector is window")
            }
        case .sequential:
            if let name = rules.givenOfWindow.first {
                throw ValidationError("\(name) is a rule of --detector window; the detector is sequential")
            }
            guard roles.isSuperset(of: [.predict, .join]) || !roles.contains(.window) else {
                throw ValidationError(
                    "--detector sequential judges predictions by the model that made them, so it needs the roles "
                        + "predict and join; given are \(roles)")
            }
        }
    }
}

struct SequentialOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Of sequential: no fewer fish raise an alarm, however far off. Default: 3.", valueName: "fish"))
    var minimumCount: Int?

    @Option(
        help: ArgumentHelp(
            "Of sequential: fish of the species after the last refit of an episode before it is judged again. Default: 32.",
            valueName: "fish"))
    var coolDown: Int?

    func validate() throws {
        if let minimumCount, !(1...1000).contains(minimumCount) {
            throw ValidationError("--minimum-count is \(minimumCount); accepted is 1 to 1000")
        }
        if let coolDown, !(0...1_000_000).contains(coolDown) {
            throw ValidationError("--cool-down is \(coolDown); accepted is 0 to 1000000")
        }
    }

    /// The names of those that are given.
    var given: [String] {
        [
            minimumCount.map { _ in "--minimum-count" }, coolDown.map { _ in "--cool-down" },
        ].compactMap(\.self)
    }

    var rules: SequentialRules {
        var rules = SequentialRules()
        if let minimumCount { rules.minimumCount = minimumCount }
        if let coolDown { rules.coolDown = coolDown }
        return rules
    }
}
