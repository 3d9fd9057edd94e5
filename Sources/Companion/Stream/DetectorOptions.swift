import ArgumentParser
import EventProcessing

/// How drift is found, and the rules of the sequential detector. The window's are among the preset's.
struct DetectorOptions: ParsableArguments {
    enum Name: String, ExpressibleByArgument, CaseIterable { case window, sequential }

    @Option(
        help: """
            window: by the mean error of a window, as the original. sequential: after every row, each group by itself \
            and all together, against the errors that the model promises. Default: sequential; window where a --preset or \
            a rule of the window is given, or predictions come from topics.
            """)
    var detector: Name?

    @OptionGroup var sequential: SequentialOptions

    /// - Parameter isWindowMeant: by what else is given.
    func name(isWindowMeant: Bool) -> Name { detector ?? (isWindowMeant ? .window : .sequential) }

    func rules(_ preset: Preset, isWindowMeant: Bool) -> DetectorRules {
        switch name(isWindowMeant: isWindowMeant) {
        case .window: .window(preset.window)
        case .sequential: .sequential(sequential.rules)
        }
    }

    func validate(against rules: RuleOptions, roles: Roles, on source: StreamSource, isWindowMeant: Bool) throws {
        switch name(isWindowMeant: isWindowMeant) {
        case .window:
            if let name = sequential.given.first {
                throw ValidationError("\(name) is a rule of --detector sequential; the detector is window")
            }
        case .sequential:
            if let name = rules.givenOfWindow.first {
                throw ValidationError("\(name) is a rule of --detector window; the detector is sequential")
            }
            if source.hasTopics {
                guard roles.contains(.window) == roles.contains(.trigger) else {
                    throw ValidationError(
                        "--detector sequential acts on what the model server answers to its triggers, so on \(source) "
                            + "one process plays window and trigger; given are \(roles)")
                }
                return
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
            "Of sequential: the mean number of rows of a group between two false alarms, at least. Default: 1000000.",
            valueName: "rows"))
    var falseAlarmEvery: Int?

    @Option(
        help: ArgumentHelp(
            """
            Of sequential: after so many rows without a training it is asked whether one would help, which mends what no \
            detector can find; 0 for never. Default: 200.
            """, valueName: "rows"))
    var checkEvery: Int?

    func validate() throws {
        if let falseAlarmEvery { try Self.check(falseAlarmEvery: falseAlarmEvery) }
        if let checkEvery { try Self.check(checkEvery: checkEvery) }
    }

    static func check(falseAlarmEvery: Int) throws {
        guard (100...1_000_000_000_000).contains(falseAlarmEvery) else {
            throw ValidationError("--false-alarm-every is \(falseAlarmEvery); accepted is 100 to 1000000000000")
        }
    }

    static func check(checkEvery: Int) throws {
        guard checkEvery == 0 || (10...1_000_000).contains(checkEvery) else {
            throw ValidationError("--check-every is \(checkEvery); accepted is 10 to 1000000, and 0 for never")
        }
    }

    /// The names of those that are given.
    var given: [String] {
        [falseAlarmEvery.map { _ in "--false-alarm-every" }, checkEvery.map { _ in "--check-every" }]
            .compactMap(\.self)
    }

    var rules: SequentialRules { SequentialRules(falseAlarmEvery: falseAlarmEvery, checkEvery: checkEvery) }
}

extension SequentialRules {
    /// As they are typed; the default's where nothing is.
    init(falseAlarmEvery: Int?, checkEvery: Int?) {
        self.init()
        if let falseAlarmEvery { falseAlarmInterval = Double(falseAlarmEvery) }
        if let checkEvery { checkInterval = checkEvery == 0 ? nil : checkEvery }
    }
}
