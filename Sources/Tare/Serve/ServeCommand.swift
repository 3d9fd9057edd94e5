import ArgumentParser
import Dispatch
import Documents
import Foundation
import Glibc
import HTTPServer
import Logging
import ModelService
import Program
import Regression
import Specification
import Storage

/// `tare serve`: wires the model service to the store and to the wire, and waits for a signal.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "The model server: predict, observe, train.",
        discussion: """
            Prints 'listening on http://HOST:PORT' once requests are answered. SIGTERM and SIGINT finish what is in \
            flight and exit 0. What is predicted from what, and under which names, is that of the model that it starts with: \
            --initial-model, else the newest that it keeps, else the worked example. SIGHUP reads tokens and certificate again; a server without either ends on it, as on \
            SIGTERM. The contract, with the names, ranges and examples of this model, is at /openapi.yaml, and as a page at \
            /__docs__/; 'tare contract' prints it without a server. The page at / shows the errors of the rows as they come, the \
            model and its versions; docs/page.md says what it shows. What the server counts is at /metrics, for Prometheus.
            """)

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(parsing: .unconditional, help: "The port; 0 picks a free one.", transform: readPort)
    var port: UInt16 = 8000

    @Option(
        help: ArgumentHelp(
            "Where observations are kept: sqlite:PATH, or mongodb://HOST/DATABASE.COLLECTION. Default: sqlite:var/tare.sqlite.",
            valueName: "location"),
        transform: { try StoreLocation(parsing: $0, defaultCollection: Self.defaultCollection) })
    var store = StoreLocation.sqlite(path: "var/tare.sqlite")

    @Option(
        help: ArgumentHelp(
            "Where models are kept: a folder, or mongodb://HOST/DATABASE.COLLECTION, which servers may share. Default: var/models.",
            valueName: "location"), completion: .directory,
        transform: { try ModelStoreLocation(parsing: $0, defaultCollection: Self.defaultModelCollection) })
    var models = ModelStoreLocation.folder(path: "var/models")

    @Option(
        help: ArgumentHelp(
            "The model to begin with while none is kept, as tare fit writes it. Default: the one in the program.",
            valueName: "file"), completion: .file())
    var initialModel: String?

    // The second name is that of before there were other models than the built-in one.
    @Option(
        name: [.customLong("unseen-levels"), .customLong("unseen-\(ModelSpecification.builtIn.groupName)")],
        help: ArgumentHelp(
            "A level that the model has not seen: accept estimates without its factor, and says so; reject answers 422.",
            valueName: "rule"))
    var unseenLevels = UnseenLevels.accept

    @Option(
        help: ArgumentHelp(
            "Threads that serve predictions; by default one for each processor that the process may use.",
            valueName: "count"))
    var threads = UsableProcessors.ofProcess.count

    @OptionGroup(title: "Log")
    var logging: LogOptions

    @Flag(help: "A line in the log for each request: who asked for what, and how it was answered; see docs/logs.md.")
    var accessLog = false

    @OptionGroup(title: "Access")
    var access: AccessOptions

    @OptionGroup(title: "Training")
    var training: TrainingOptions

    @OptionGroup(title: "Rows")
    var rows: RowOptions

    @OptionGroup(title: "Journal")
    var journal: JournalOptions

    @OptionGroup(title: "Limits")
    var limits: LimitOptions

    /// `DATABASE.COLLECTION` where the location of a MongoDB names none: those of the original pipeline.
    static let defaultCollection = "Weight.TrainingData"

    static let defaultModelCollection = "Weight.Models"

    /// So many pages of rows are read before the first request is answered, some tenths of a second; further ones beside it.
    private static let pagesAtStart = 10

    func validate() throws {
        try access.check(host: host)
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads must be from 1 to 1024, given \(threads)")
        }
        _ = try plan()
        if case .mongo(let rows) = store, case .mongo(let models) = models, rows == models {
            throw ValidationError("--store and --models name one collection, \(rows); each needs its own")
        }
    }

    private func plan() throws -> MemoryPlan {
        do throws(MemoryPlan.Refusal) {
            return try limits.plan(isTLS: access.tlsFiles != nil, rows: training.rows.choice)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        MemoryPlan.prepareAllocator()
        let plan = try plan()
        let memory = RequestMemory(bytesMax: plan.requestBytes, bytesPerClientMax: plan.requestBytesPerClient)
        let log = logging.logger("tare.serve")
        let models = try openModelStore(models) { log.notice("\($0)") }
        let initial = try initialModel(besides: models, log)
        let specification = initial.specification
        try training.rows.check(against: specification)
        let store = try openStore(store, specification: specification) { log.notice("\($0)") }
        defer { store.close() }
        log.info("rows are kept in \(self.store)")
        var settings = training.settings
        rows.apply(to: &settings)
        settings.bounds.rowsMax = plan.trainingRowsMax
        let metrics = ServerMetrics()
        let events = EventFeed(specification)
        let service = ModelService(
            specification: specification, store: store, models: models, initial: initial.model,
            journal: journal.journal(for: self.store) { log.warning("\($0)") }, settings: settings,
            log: { log.warning("\($0)") },
            tell: {
                metrics.note($0)
                events.note($0)
            }, clock: { Timestamp.now })
        defer { service.close() }
        let notice = DispatchWorkItem { log.warning("the start waits for the store of rows or of models to answer") }
        DispatchQueue(label: "tare.start").asyncAfter(deadline: .now() + .seconds(5), execute: notice)
        begin(service, log)
        if service.rowsFault == nil { try tellUse(of: service.rowsUse(), log) }
        notice.cancel()
        let served = service.current?.model ?? initial.model
        let documentation = Documentation { try Contract(of: specification, model: served).texts() }
        let control = try access.control { log.warning("\($0)") }
        let requestLog = accessLog ? AccessLog(logging.logger("tare.access")) { control?.token(of: $0) } : nil
        let routes = Routes(
            service: service, memory: memory, documentation: documentation, unseen: unseenLevels, metrics: metrics,
            events: events,
            bounds: ServerBounds(
                connectionsMax: limits.limits.connectionsMax, memoryBytes: plan.bytes,
                requestBytes: plan.requestBytes),
            access: requestLog, log: log)
        // From here on a signal no longer ends the process; it is noticed when it is waited for.
        _ = StopSignals.descriptor
        let guards = try Guards(access, control, routes: routes, requestLog, log)
        let server = try HTTPServer(
            host: host, port: port, threads: threads, limits: limits.limits, memory: memory, statistics: metrics.http,
            log: { log.debug("\($0)") },
            warn: { log.warning("\($0)") }, refuse: guards.refuse,
            admit: guards.admit, tls: guards.tls, proxies: access.proxies, handler: routes.answer)
        let address =
            "\(guards.tls == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(server.port)"
        ProgramPages.giveBack()
        StandardStreams.say("listening on \(address)", on: STDOUT_FILENO)
        if let warning = access.warning(host: host, port: server.port) { StandardError.say(warning) }
        guards.waitForStop(of: server)
        log.info("stopping")
        let start = ContinuousClock.now
        server.stop()
        let rest = limits.graceSecondsMax - Int((ContinuousClock.now - start).components.seconds)
        let isDone = Ending.isDone(within: max(1, rest)) {
            service.close()
            store.close()
        }
        guard !isDone else { return }
        log.warning("a store does not let go, and is left as it is; what was answered as recorded is durable")
        _exit(0)
    }

    /// What serves while the store of models has none that is whole, and what all models of this server are about: that of
    /// `--initial-model`, else that of the newest model that is kept, else that of the built-in one.
    private func initialModel(
        besides models: any ModelStore, _ log: Logger
    ) throws -> (model: ModelVersion?, specification: ModelSpecification) {
        // Looked for only where nothing better says it: the newest model may lie in a database.
        func keptSpecification() -> ModelSpecification {
            ((try? models.newest { _ in }) ?? nil)?.specification ?? .builtIn
        }
        guard let initialModel else {
            let builtIn = ModelVersion.builtIn
            let specification = keptSpecification()
            // What is there for want of another is no model of another subject.
            return (specification == builtIn.specification ? builtIn : nil, specification)
        }
        do throws(StoreError) {
            let model = try ModelDirectory.read(file: initialModel)
            return (model, model.specification)
        } catch {
            // It is needed only where there is no other.
            guard let versions = try? models.versions(before: nil, limit: 1), !versions.isEmpty else { throw error }
            log.warning("no initial model: \(error)")
            return (nil, keptSpecification())
        }
    }

    /// Refuses a store of another subject: it would fill with rows on which none of its models can be trained.
    private func tellUse(of use: RowsUse?, _ log: Logger) throws {
        guard let use, use.usable < use.looked else { return }
        guard !use.isForeign else {
            throw ValidationError(
                "--store \(store) holds rows of another specification: the newest \(use.looked) have none of the fields"
                    + " \(use.missing.map(\.field).joined(separator: ", ")); give this model a store of its own")
        }
        log.notice("\(use)")
    }

    /// No fault of a store is a reason not to predict. The service says what is wrong, and goes on by itself.
    private func begin(_ service: ModelService, _ log: Logger) {
        service.removeLeftovers()
        try? service.settle()
        try? service.checkStore()
        // What the model that serves was told before this start counts for it.
        service.catchUp(pagesMax: Self.pagesAtStart)
        service.follow()
        guard let model = service.current?.model else {
            log.warning("there is no model: predictions are answered with 503 until one is trained")
            return
        }
        log.info("serving", metadata: model.logFields)
    }
}
