import ArgumentParser
import Documents
import EventProcessing
import Foundation
import Glibc
import HTTPServer
import Program
import Regression
import Specification
import Storage
import Streaming

/// `tare stream`: wires a source, the pipeline and the model server, and runs until the input ends or a signal comes.
struct StreamCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream",
        abstract: "The companion: measurements to predictions to errors to retraining.",
        discussion: """
            Every measurement is predicted by the model server, joined with its outcome, evaluated and recorded; where \
            the sequential detector finds that a group has changed, or the mean error of a window is above the \
            threshold, the model is retrained. The evaluations are printed on \
            stdout, all else on stderr. A window closes when a later outcome comes, never by the clock. SIGTERM and \
            SIGINT finish the event at hand and exit 0.

            Events are NDJSON, with the fields that the model's specification names (GET /specification): one with the \
            predictors is a measurement, one with the response its outcome, and both have the identifier and the time; an \
            event without a time is set aside.

              tare stream --source simulator --speed 60
              tare simulate | tare stream --source -
              kcat -C -J … | tare stream --source kcat:- --roles join,window --output kcat
              tare stream --source mongodb://127.0.0.1:27017/mdb
              tare stream --source kafka://broker:9092 --server http://tare:8000

            mongodb://HOST/DATABASE reads the collections RESPONSE-prediction and machine-RESPONSE, existing documents first, \
            and writes the rows into training_data of the same database, or into mongodb://HOST/DATABASE.COLLECTION; \
            `tare serve --store` must name that collection. Its place is kept in tare_stream_state.

            On Kafka every role reads its topics in a consumer group of its own and publishes what comes of them, so that \
            each can run alone and in any number of processes; the results are on the topics and not on stdout. Topics, \
            from machine-measurement and machine-RESPONSE to RESPONSE-prediction, RESPONSE-diff and RESPONSE-retrain, are named by \
            the preset. What no role can use goes to tare-dead-letter. Delivery is at least once, and repeats are told \
            apart.
            """)

    enum Output: String, ExpressibleByArgument, CaseIterable { case text, ndjson, kcat }

    @OptionGroup(title: "The model server") var access: ServerAccessOptions

    @Option(
        help: ArgumentHelp(
            """
            Where the events come from: simulator, FILE or - (NDJSON), kcat:FILE or kcat:- (lines of kcat -J), \
            mongodb://HOST/DATABASE, kafka://HOST:PORT,… Default: simulator.
            """, valueName: "source"), completion: .file(),
        transform: { try StreamSource($0) })
    var source = StreamSource.simulator

    @Option(
        help: ArgumentHelp(
            "How fast time passes: 1, 60, max. Default: 1 for the simulator, else max, which handles events as they come.",
            valueName: "factor"))
    var speed: Speed?

    @Option(
        help: """
            The topics, columns and rules to follow. blog tells of a window when it closes, the recipes at its every \
            change; each time the model is retrained. Default: the topics and columns of blog with the sequential \
            detector; for mongodb:// recipe.
            """)
    var preset: PresetName?

    @Option(
        help: ArgumentHelp(
            "The parts to play: predict, join, window, record, trigger. Default: all; from mongodb://, where predictions "
                + "are documents, all but predict.", valueName: "role,…"),
        transform: { try Roles(argument: $0) })
    var roles = Roles.all

    @Option(
        help: ArgumentHelp(
            "A model file that says what the events are about: names, formula, measure of errors. Default: the server is asked.",
            valueName: "file"), completion: .file())
    var model: String?

    @OptionGroup(title: "Rules, where they differ from the preset's") var rules: RuleOptions

    @OptionGroup var detection: DetectorOptions

    @Option(
        help: """
            text: a line a row; ndjson: rows and triggers as JSON documents; kcat: every record that would be published.
            """)
    var output = Output.text

    @Option(
        help: ArgumentHelp(
            "How a line on stderr looks: \(LogFormat.help). See docs/logs.md.", valueName: "format"))
    var logFormat = LogFormat.plain

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Answer GET /metrics, for Prometheus, on this port of 127.0.0.1; 0 picks a free one. The address is told on \
            stderr. See docs/metrics.md.
            """, valueName: "port"),
        transform: readPort)
    var metricsPort: UInt16?

    @Option(
        help: """
            live: rate, what waits, the error by group as charts, and the last triggers, drawn anew; lines: a line a row; \
            auto: live on a terminal where --output is text, else lines.
            """)
    var view = ViewOption.auto

    @OptionGroup(title: "Kafka") var kafka: KafkaOptions

    @OptionGroup(title: "Simulator") var factory: SimulatorOptions

    mutating func validate() throws {
        if source.isMongo {
            roles.remove(.predict)
            guard roles.contains(.join) else {
                throw ValidationError("--roles without join have nothing to read from \(source); accepted is join,…")
            }
        }
        guard source.hasTopics || roles.contains(.predict) else {
            throw ValidationError(
                "--roles \(roles) without predict reads predictions from a topic; --source \(source) has none, "
                    + "accepted are kcat:FILE, mongodb://HOST/DATABASE and kafka://HOST:PORT")
        }
        if case .kafka = source {
            guard speed == nil, output == .text else {
                throw ValidationError("--speed and --output are not for \(source): its results are on the topics")
            }
            _ = try kafka.connection.properties()
        }
        guard view != .live || ViewOption.isTerminal && output == .text else {
            throw ValidationError(
                "--view live needs a terminal on stdout and --output text; accepted are auto and lines")
        }
        // The rules of a preset are the same for every specification.
        try rules.validate(preset: preset(for: .builtIn))
        try detection.validate(against: rules, roles: roles, on: source, isWindowMeant: isWindowMeant)
    }

    /// Not freed: the process ends, and to free what a join keeps takes a twentieth of a run at full speed.
    nonisolated(unsafe) private static var ended: StreamRunner?

    func run() throws {
        _ = StopSignals.descriptor
        if case .kafka(let address) = source { return try runOnKafka(address) }
        try source.requireFile()
        var log = runLog
        let metrics = counting
        let server = try metricsServer(metrics, presence: nil, log)
        defer { server?.stop() }
        let specification = try specification(notices: StandardErrorNotices(log))
        let screen = isLive ? LiveScreen(specification) : nil
        defer { screen?.end() }
        log.screen = screen
        let notices = StandardErrorNotices(log)
        var parts = try parts(for: specification, notices: notices)
        parts.observer = Self.observer(metrics, screen)
        let reporter = try reporter(metrics, preset(for: specification))
        defer { reporter?.stop() }
        var runner = StreamRunner(parts)
        let (end, summary) = runner.run()
        unsafe Self.ended = runner
        notices.clear()
        screen?.end()
        log.screen = nil
        if end != .outputClosed { log.say(summary, of: roles) }
        switch end {
        case .inputEnded where summary.isUseless:
            throw StreamFailure(description: "none of the \(summary.events) events could be used")
        case .inputEnded, .stopped: return
        case .outputClosed: throw ExitCode(128 + SIGPIPE)
        case .sourceFailed(let reason), .outputFailed(let reason): throw StreamFailure(description: reason)
        }
    }
}

/// The run could not go on; what it had done until then is done.
struct StreamFailure: Error, CustomStringConvertible {
    let description: String
}

// MARK: - Wiring

extension StreamCommand {
    /// Whether what is given makes sense with windows alone: their rules, those of a preset, or predictions that come from
    /// topics, of which nobody can say what model made them.
    private var isWindowMeant: Bool {
        if case .kafka = source { return true }
        return preset != nil || !rules.givenOfWindow.isEmpty || !roles.isSuperset(of: [.predict, .join])
    }

    /// Nil where none is asked for.
    func metricsServer(
        _ metrics: StreamMetrics?, presence: KafkaPresence?, _ log: RunLog
    ) throws(HTTPServerError) -> StreamMetricsServer? {
        guard let metricsPort, let metrics else { return nil }
        let server = try StreamMetricsServer(port: metricsPort, metrics, presence: presence)
        log.say("metrics at \(server.address)/metrics")
        return server
    }

    var runLog: RunLog { RunLog(format: logFormat) }

    /// - Throws: where errors are in a unit, of which no preset knows how many are too many.
    func detector(_ preset: Preset) throws -> DetectorRules {
        let rules = detection.rules(preset, isWindowMeant: isWindowMeant)
        if case .window(let window) = rules, window.threshold.value == .infinity, roles.contains(.window) {
            throw ValidationError(
                "--threshold is missing: this model measures errors in the response's own unit, of which no preset knows"
                    + " how many are too many; accepted is a number above 0, or --detector sequential, which needs none"
            )
        }
        return rules
    }

    func preset(for specification: ModelSpecification) -> Preset {
        let base = Preset(preset ?? (source.isMongo ? .recipe : .blog), for: specification)
        return kafka.applied(to: rules.applied(to: base))
    }

    private func parts(
        for specification: ModelSpecification, notices: StandardErrorNotices
    ) throws -> StreamRunner.Parts {
        let preset = preset(for: specification)
        let writer = RecordWriter(specification: specification, preset: preset)
        let clock = SystemClock()
        let join = StreamJoin<PredictedMeasurement, Outcome>.Bounds(
            within: preset.join.within, retention: preset.join.retention)
        let (source, client) = try ends(specification, preset, clock: clock, notices: notices)
        return StreamRunner.Parts(
            roles: roles,
            pipeline: Pipeline(
                specification: specification, roles: roles, join: join, time: timeRules,
                detector: try detector(preset).detector()),
            source: source, writer: writer, client: client, report: report(specification, writer),
            output: StandardOutput(), notices: notices, clock: clock,
            pacing: Pacing(factor: factor, leap: timeRules?.leap))
    }

    /// On topics ksqlDB's rule holds, which believes every time.
    private var timeRules: TimeRules? {
        if case .kcat = source, !roles.contains(.predict) { nil } else { rules.time }
    }

    /// Where events come from, and who is asked and told about them.
    private func ends(
        _ specification: ModelSpecification, _ preset: Preset, clock: any StreamClock, notices: any RunNotices
    ) throws -> (source: any EventSource, client: (any ModelClient)?) {
        let credentials = try access.credentials()
        let client =
            roles.needModel
            ? CurlModelClient(server: access.server, specification: specification, credentials: credentials) : nil
        let events = EventReader(specification: specification, names: preset.fieldNames)
        switch source {
        case .simulator:
            let start = factory.start(now: .now, isFast: speed?.isFast ?? false)
            let simulator = try factory.simulator(now: start).simulator
            return (SequenceSource(simulator.lazy.map { (time: $0.time, event: $0.event) }), client)
        case .events(let file): return (LineSource(try file.reader(), format: .events(events)), client)
        case .kcat(let file):
            let records = RecordReader(specification: specification, preset: preset, roles: roles)
            return (LineSource(try file.reader(), format: .kcat(records)), client)
        case .mongo(let location):
            let recipe = try RecipeDatabase(
                location, specification: specification, preset: preset, roles: roles, clock: clock, notices: notices)
            return (recipe.source, try client.map(recipe.client))
        case .kafka: throw StreamFailure(description: "\(source) is read by its own runner")
        }
    }

    var isLive: Bool { output == .text && view.isLive(isTerminal: ViewOption.isTerminal) }

    /// Nil where nobody looks.
    static func observer(_ metrics: StreamMetrics?, _ screen: LiveScreen?) -> RunObserver? {
        guard let screen else { return metrics?.note }
        return { event in
            metrics?.note(event)
            screen.note(event)
        }
    }

    private func report(_ specification: ModelSpecification, _ writer: RecordWriter) -> any StreamReport {
        if isLive { return SilentReport() }
        return switch output {
        case .text: ReadableReport(specification)
        case .ndjson: DocumentReport(writer)
        case .kcat: RecordReport(writer)
        }
    }

    private var factor: Double? {
        switch speed ?? (source == .simulator ? .times(1) : .max) {
        case .times(let factor): factor
        case .max: nil
        }
    }
}
