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
    let store: any Store
    let models: ModelDirectory
    let settings: Settings
    let log: @Sendable (String) -> Void
    let judging: Mutex<Judging>
    /// One training or rollback at a time.
    let trainer = DispatchQueue(label: "tare.trainer")
    private let clock: @Sendable () -> Timestamp
    private let served: Mutex<ServedModel?>
    private let training = Mutex(TrainingState())

    package struct Settings: Sendable {
        /// The rows that a training reads.
        package var rows = RowChoice.newest(50)
        package var tolerance = LinearModel.defaultTolerance
        /// Whether a new model is judged before it serves, and taken back where it does worse than its parent would.
        package var isGated = true
        /// How many callers may wait for one training.
        package var waitersMax = 64

        package init() {}
    }

    /// - Parameters:
    ///   - initial: served until the first training; nil where there is none.
    ///   - clock: gives a model its time.
    ///   - log: is told what the service does by itself.
    package init(
        specification: ModelSpecification, store: any Store, models: ModelDirectory, initial: ModelVersion?,
        settings: Settings = Settings(), clock: @escaping @Sendable () -> Timestamp,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.specification = specification
        self.store = store
        self.models = models
        self.settings = settings
        self.clock = clock
        self.log = log
        self.served = Mutex(initial.map(ServedModel.init))
        self.judging = Mutex(Judging(initial))
    }

    /// The model that is served now.
    package var current: ServedModel? { served.withLock { $0 } }

    /// Writes joined rows; blocks until they are durable.
    /// - Returns: how many were new.
    package func observe(_ rows: [Observation]) throws(StoreError) -> Int {
        let recorded = try store.record(rows)
        // Which of the rows are new, a store does not tell, and none may count twice.
        if recorded == rows.count { judge(rows) }
        return recorded
    }

    /// Blocks until the store has shown that it answers.
    package func checkStore() throws(StoreError) {
        try store.check()
    }

    /// Fits the rows of the settings' choice and serves the result. Returns at once; a call while a training runs joins it.
    /// - Parameters:
    ///   - trigger: is kept in the model as what caused it.
    ///   - isForced: serves the model whatever the gate says of it. A call that joins a training changes nothing in it.
    ///   - completion: is called once, from a thread of the service.
    package func train(
        trigger: JSON, isForced: Bool = false, completion: @escaping @Sendable (TrainingOutcome) -> Void
    ) {
        switch training.withLock({ $0.enter(completion, waitersMax: settings.waitersMax) }) {
        case .join: break
        case .refuse: completion(.inProgress)
        case .start:
            trainer.async { [self] in
                let outcome = trainNow(trigger: trigger, isForced: isForced)
                for completion in training.withLock({ $0.leave() }) { completion(outcome) }
            }
        }
    }

    private func trainNow(trigger: JSON, isForced: Bool) -> TrainingOutcome {
        let parent = current
        // Names of versions sort by time, so time must go on even where the machine's clock was set back.
        let time = max(clock(), (parent?.model.time ?? Timestamp(milliseconds: 0)).advanced(byMilliseconds: 1))
        do {
            let rows = TrainingRows(newestFirst: try settings.rows.rows(of: store), specification: specification)
            try rows.requireSpareRow()
            var model = try ModelVersion(
                fitting: rows, tolerance: settings.tolerance, time: time, parent: parent?.model.version,
                trigger: trigger)
            if settings.isGated {
                model.take(Judgement(challenger: model, champion: parent?.model, rows: rows), isForced: isForced)
            }
            try models.save(model)
            guard model.state == .served else { return .refused(model) }
            serve(ServedModel(model), after: parent)
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

// MARK: - The model that serves

extension ModelService {
    /// - Parameter parent: whose place it takes.
    private func serve(_ model: ServedModel, after parent: ServedModel?) {
        served.withLock { $0 = model }
        judging.withLock { $0 = Judging(model, after: settings.isGated ? parent : nil) }
    }

    /// Puts another model in the place of `model`, if that is the one that serves.
    func replace(_ model: ServedModel, by other: ServedModel) -> Bool {
        served.withLock { served in
            guard served === model else { return false }
            served = other
            return true
        }
    }
}

/// What became of a call to `train`.
package enum TrainingOutcome: Sendable {
    /// The model is on the disk and is served.
    case retrained(ModelVersion)
    /// The model is on the disk, and its verdict says why it does not serve.
    case refused(ModelVersion)
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
