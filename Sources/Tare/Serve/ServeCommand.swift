import ArgumentParser
import Documents
import Foundation
import HTTPServer
import Logging
import ModelService
import Regression
import Storage

/// `tare serve`: wires the model service to the store and to the wire, and waits for a signal.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "The model server: predict, observe, train.",
        discussion: """
            Prints 'listening on http://HOST:PORT' once requests are answered. SIGTERM and SIGINT finish what is in \
            flight and exit 0. The contract is at /openapi.yaml, and as a page at /__docs__/.
            """)

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 picks a free one.")
    var port: UInt16 = 8000

    @Option(
        help: ArgumentHelp(
            "Where observations are kept: sqlite:PATH, or mongodb://HOST/DATABASE.COLLECTION. Default: sqlite:var/tare.sqlite.",
            valueName: "location"),
        transform: { try StoreLocation(parsing: $0, defaultCollection: Self.defaultCollection) })
    var store = StoreLocation.sqlite(path: "var/tare.sqlite")

    @Option(help: ArgumentHelp("The folder of the models.", valueName: "folder"))
    var models = "var/models"

    @Option(
        help: ArgumentHelp(
            "The model to begin with while that folder holds none. Default: Models/salmon.json.", valueName: "file"))
    var initialModel: String?

    @Option(
        help: ArgumentHelp(
            "A species that the model has not seen: accept estimates it without the species, and says so; reject answers 422."
        ))
    var unseenSpecies = UnseenLevels.accept

    @Option(
        help: ArgumentHelp(
            """
            The rows that a model is fitted on: newest:N, per-species:N, or mixed:NEWEST:FLOOR, the newest and at least \
            FLOOR of each species. Default: newest:50.
            """, valueName: "choice"),
        transform: { try RowChoice($0, factor: ModelSpecification.fish.factor.name) })
    var rows = RowChoice.newest(50)

    @Option(
        help: """
            Whether a new model must do better than the one that serves, on rows that it was not fitted on, and is taken \
            back where its first rows show that it does not.
            """)
    var gate = Gate.on

    @Option(help: ArgumentHelp("Threads that serve predictions; by default one for each core.", valueName: "count"))
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: ArgumentHelp("The folder of the files of Swagger UI.", valueName: "folder"))
    var docs = ".tools/swagger-ui"

    @Option(
        help: ArgumentHelp("What is logged on standard error: debug, info, notice, warning, error.", valueName: "level")
    )
    var logLevel = Logger.Level.info

    @OptionGroup(title: "Limits")
    var limits: LimitOptions

    /// `DATABASE.COLLECTION` where the location of a MongoDB names none: those of the original pipeline.
    private static let defaultCollection = "Weight.TrainingData"

    /// Where the model to begin with is looked for when nobody says.
    static let defaultInitialModel = "Models/salmon.json"

    func validate() throws {
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads must be from 1 to 1024, given \(threads)")
        }
    }

    func run() throws {
        let log = Log.make("tare.serve", level: logLevel)
        let store = try openStore(store, specification: .fish) { log.notice("\($0)") }
        defer { store.close() }
        let directory = ModelDirectory(path: models)
        let service = ModelService(
            specification: .fish, store: store, models: directory, initial: try firstModel(directory, log),
            settings: settings, clock: { Timestamp.now }, log: { log.notice("\($0)") })
        let documentation = try Documentation(openAPI: PackageResources.openapi_yaml, folder: docs)
        let routes = Routes(
            service: service, documentation: documentation, unseen: unseenSpecies, log: log)
        // From here on a signal waits to be asked for.
        _ = StopSignals.descriptor
        let server = try HTTPServer(
            host: host, port: port, threads: threads, limits: limits.limits, log: { log.debug("\($0)") },
            refuse: { Problem($0.status, $0.detail).response }, handler: routes.answer)
        let address = "http://\(host.contains(":") ? "[\(host)]" : host):\(server.port)"
        try FileHandle.standardOutput.write(contentsOf: Data("listening on \(address)\n".utf8))
        while StopSignals.received == nil { _ = StopSignals.wait(milliseconds: 60_000) }
        log.info("stopping")
        server.stop()
    }

    enum Gate: String, ExpressibleByArgument, CaseIterable { case on, off }

    private var settings: ModelService.Settings {
        var settings = ModelService.Settings()
        settings.rows = rows
        settings.isGated = gate == .on
        return settings
    }

    /// The newest model of the folder; else the one to begin with.
    private func firstModel(_ directory: ModelDirectory, _ log: Logger) throws -> ModelVersion? {
        let model: ModelVersion
        if let newest = directory.newest(skipped: { log.warning("skipped: \($0)") }) {
            model = newest
        } else if initialModel != nil || FileManager.default.fileExists(atPath: Self.defaultInitialModel) {
            model = try ModelDirectory.read(file: initialModel ?? Self.defaultInitialModel)
        } else {
            log.warning("there is no model: predictions are answered with 503 until one is trained")
            return nil
        }
        guard model.specification == .fish else {
            throw ValidationError(
                "the model \(model.version) is of another specification: '\(model.specification.subject)'")
        }
        log.info("serving \(model.version): \(model.rows) rows of \(model.levels.joined(separator: ", "))")
        return model
    }
}
