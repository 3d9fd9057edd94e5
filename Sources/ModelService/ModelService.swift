import Dispatch
package import Documents
package import Regression
import Synchronization

/// The model that is served, the rows that are observed, and the training that leads from these to the next model.
///
/// Predictions take one reference under a lock and then work on a value that never changes: a request in flight keeps
/// the model that it started with. Everything else may block, on the store or on the disk.
package final class ModelService: Sendable {
    package let specification: ModelSpecification
    private let store: any Store
    private let models: ModelDirectory
    private let settings: Settings
    private let clock: @Sendable () -> Timestamp
    private let served: Mutex<ServedModel?>
    private let training = Mutex(TrainingState())
    private let trainer = DispatchQueue(label: "tare.trainer")

    package struct Settings: Sendable {
        /// How many of the newest rows a training reads.
        package var rows = 50
        package var tolerance = LinearModel.defaultTolerance
        /// How many callers may wait for one training.
        package var waitersMax = 64

        package init() {}
    }

    /// - Parameters:
    ///   - initial: served until the first training; nil where there is none.
    ///   - clock: gives a model its time.
    package init(
        specification: ModelSpecification, store: any Store, models: ModelDirectory, initial: ModelVersion?,
        settings: Settings = Settings(), clock: @escaping @Sendable () -> Timestamp
    ) {
        self.specification = specification
        self.store = store
        self.models = models
        self.settings = settings
        self.clock = clock
        self.served = Mutex(initial.map(ServedModel.init))
    }

    /// The model that is served now.
    package var current: ServedModel? { served.withLock { $0 } }

    /// Writes joined rows; blocks until they are durable.
    /// - Returns: how many were new.
    package func observe(_ rows: [Observation]) throws(StoreError) -> Int {
        try store.record(rows)
    }

    /// Blocks until the store has shown that it answers.
    package func checkStore() throws(StoreError) {
        try store.check()
    }

    /// Fits the newest rows and serves the result. Returns at once; a call while a training runs joins it.
    /// - Parameters:
    ///   - trigger: is kept in the model as what caused it.
    ///   - completion: is called once, from a thread of the service.
    package func train(trigger: JSON, completion: @escaping @Sendable (TrainingOutcome) -> Void) {
        switch training.withLock({ $0.enter(completion, waitersMax: settings.waitersMax) }) {
        case .join: break
        case .refuse: completion(.inProgress)
        case .start:
            trainer.async { [self] in
                let outcome = trainNow(trigger: trigger)
                for completion in training.withLock({ $0.leave() }) { completion(outcome) }
            }
        }
    }

    private func trainNow(trigger: JSON) -> TrainingOutcome {
        let parent = current
        // Names of versions sort by time, so time must go on even where the machine's clock was set back.
        let time = max(clock(), (parent?.model.time ?? Timestamp(milliseconds: 0)).advanced(byMilliseconds: 1))
        do {
            let rows = TrainingRows(newestFirst: try store.newest(settings.rows), specification: specification)
            try rows.requireSpareRow()
            let model = try ModelVersion(
                fitting: rows, tolerance: settings.tolerance, time: time, parent: parent?.model.version,
                trigger: trigger)
            try models.save(model)
            served.withLock { $0 = ServedModel(model) }
            return .retrained(model)
        } catch let error as StoreError {
            return .storeFailed(error)
        } catch let error as TrainingRefusal {
            return .skipped(error)
        } catch {
            return .notSaved("\(error)")
        }
    }
}

/// What became of a call to `train`.
package enum TrainingOutcome: Sendable {
    /// The model is on the disk and is served.
    case retrained(ModelVersion)
    /// The rows make no model; the one that was served still is.
    case skipped(TrainingRefusal)
    case storeFailed(StoreError)
    /// The model could not be written; the one that was served still is.
    case notSaved(String)
    /// A training runs, and more callers wait for it than are allowed to.
    case inProgress
}

/// Who waits for the training that runs: at most one runs at a time.
struct TrainingState {
    typealias Completion = @Sendable (TrainingOutcome) -> Void

    enum Entrance: Equatable { case start, join, refuse }

    private var waiters: [Completion] = []
    private var isRunning = false

    mutating func enter(_ completion: @escaping Completion, waitersMax: Int) -> Entrance {
        guard waiters.count < waitersMax else { return .refuse }
        waiters.append(completion)
        defer { isRunning = true }
        return isRunning ? .join : .start
    }

    /// The training is over; gives back whom to tell.
    mutating func leave() -> [Completion] {
        defer { self = TrainingState() }
        return waiters
    }
}
