import Dispatch
package import Documents
package import Regression
import Synchronization

/// The model that is served, the rows that are observed, and the training that leads from these to the next model.
///
/// Predictions take one reference under a lock and then work on a value that never changes: a request in flight keeps
/// the model that it started with. Everything else may block, on the store or on the disk.
package final class ModelService: Sendable {
    typealias Completion = @Sendable (TrainingOutcome) -> Void

    package let specification: ModelSpecification
    let store: any Store
    let models: any ModelStore
    let settings: Settings
    let clock: @Sendable () -> Timestamp
    let log: @Sendable (String) -> Void
    /// Served until the store of models names another.
    let initial: ModelVersion?
    private let served: Mutex<ServedModel?>
    /// The newest state that was seen.
    private let known = Mutex(ServingState())
    /// Held while a state is taken over, so that an older one never comes after a newer.
    private let adoption = Mutex(())
    /// Models that served before, by version.
    let former = Mutex<[String: ModelVersion]>([:])
    let desk = Mutex(TrainingDesk<Completion>())
    let trainer = DispatchQueue(label: "tare.trainer")
    let follower = DispatchQueue(label: "tare.follower")
    /// Why other servers cannot be followed, while that is so.
    let followFault = Mutex<String?>(nil)
    let isClosed = Atomic(false)
    let judging: Mutex<Judging>

    package struct Settings: Sendable {
        /// The rows that a training reads.
        package var rows = RowChoice.newest(50)
        package var tolerance = LinearModel.defaultTolerance
        /// Whether a new model is judged before it serves, and taken back where it does worse than its parent would.
        package var isGated = true
        /// How many callers may wait for one training.
        package var waitersMax = 64
        package var rules = TrainingRules()
        package var retention = Retention()
        /// How long a training waits for another server's.
        package var turnSecondsMax = 10
        /// How often another server's swap is looked for.
        package var followMilliseconds = 250

        package init() {}
    }

    /// - Parameters:
    ///   - initial: served until the store of models has one; nil where there is none.
    ///   - log: is told in one line what an operator should know.
    ///   - clock: gives a model its time.
    package init(
        specification: ModelSpecification, store: any Store, models: any ModelStore, initial: ModelVersion?,
        settings: Settings = Settings(), log: @escaping @Sendable (String) -> Void = { _ in },
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.specification = specification
        self.store = store
        self.models = models
        self.initial = initial
        self.settings = settings
        self.log = log
        self.clock = clock
        self.served = Mutex(initial.map(ServedModel.init))
        self.judging = Mutex(Judging(initial))
    }

    /// The model that is served now.
    package var current: ServedModel? { served.withLock { $0 } }

    /// Writes joined rows; blocks until they are durable.
    package func observe(_ rows: [Observation]) throws(StoreError) -> Recorded {
        let recorded = try store.record(rows)
        judge(zip(rows, recorded.rows).filter { $0.1 == .new }.map(\.0))
        return recorded
    }

    /// Blocks until the store has shown that it answers.
    package func checkStore() throws(StoreError) {
        try store.check()
    }

    /// Ends what runs beside the calls. No other call follows.
    package func close() {
        isClosed.store(true, ordering: .releasing)
        follower.sync {}
        trainer.sync {}
        models.close()
    }
}

// MARK: - What servers agree on

extension ModelService {
    /// What the servers over one store of models have agreed on, as far as this one knows.
    var state: ServingState { known.withLock { $0 } }

    /// Takes over what other servers changed. Blocks.
    func refresh() throws(StoreError) {
        try adopting { () throws(StoreError) in
            guard let newer = try models.state(after: state.revision) else { return }
            if let active = newer.active, active != current?.model.version {
                do throws(StoreError) {
                    serve(.chosen(try servable(active)))
                } catch let error where error.kind == .refused {
                    // To answer with an older model beats not to answer; asking again would change nothing.
                    log(error.description)
                }
            }
            known.withLock { $0 = newer }
        }
    }

    /// Makes a successor of the known state the state of all servers. Blocks until that is durable.
    /// - Parameter successor: what serves from then on, where that changes.
    /// - Returns: false where another server was faster; nothing has changed then.
    func agree(on next: ServingState, serving successor: Successor? = nil) throws(StoreError) -> Bool {
        try adopting { () throws(StoreError) in
            guard try models.replaceState(with: next) else { return false }
            known.withLock { $0 = next }
            if let successor { serve(successor) }
            return true
        }
    }

    private func servable(_ version: String) throws(StoreError) -> ModelVersion {
        guard let model = try models.model(version) else {
            throw StoreError(.refused, "the model \(version), which is to serve, is not among the models")
        }
        try requireSpecification(of: model)
        return model
    }

    func requireSpecification(of model: ModelVersion) throws(StoreError) {
        guard model.specification == specification else {
            throw StoreError(
                .refused,
                "the model \(model.version) is of another specification: '\(model.specification.subject)'")
        }
    }

    func serve(_ successor: Successor) {
        let (model, judged) = successor.served
        served.withLock { $0 = model }
        judging.withLock { $0 = judged }
    }

    private func adopting<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try adoption.withLock { _ throws(StoreError) in try body() }
    }
}
