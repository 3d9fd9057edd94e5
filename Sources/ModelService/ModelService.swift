import Dispatch
package import Documents
import Metrics
import Regression
package import Specification
import Synchronization
import Threading

/// The model that is served, the rows that are observed, and the training that leads from these to the next model.
///
/// Predictions take one reference under a lock and then work on a value that never changes: a request in flight keeps
/// the model that it started with. Everything else may block, on the store or on the disk.
package final class ModelService: Sendable {
    typealias Completion = @Sendable (TrainingOutcome) -> Void

    package let specification: ModelSpecification
    let store: any Store
    let models: any ModelStore
    package let settings: Settings
    let clock: @Sendable () -> Timestamp
    let log: @Sendable (String) -> Void
    /// Where rows wait while the store is away; nil where they are refused then.
    let journal: ObservationJournal?
    /// Served until the store of models names another.
    let initial: ModelVersion?
    private let served: Lock<ServedModel?>
    /// The newest state that was seen.
    private let known = Lock(ServingState())
    /// Held while a state is taken over, so that an older one never comes after a newer.
    private let adoption = Lock(())
    /// Models that served before, by version.
    let former = Lock<[String: ModelVersion]>([:])
    let desk = Lock(TrainingDesk<Completion>())
    /// Held by whoever changes which model serves, from looking at the state to putting another in its place: what this
    /// server does at one and the same time never looks like another server's doing.
    let changes = FairLock()
    /// Of a quality of its own, so that its threads are shared with no queue that is not behind.
    let trainer = DispatchQueue(label: "tare.trainer", qos: .utility)
    let follower = DispatchQueue(label: "tare.follower")
    let rowsWatch: StoreWatch
    let modelsWatch: StoreWatch
    let journalWatch: StoreWatch
    /// Whether it was looked for what serves while the model that servers agreed on cannot be had.
    private let isInterimChosen = Atomic(false)
    let isClosed = Atomic(false)
    let judging: Lock<Judging>
    let predictions: Lock<PredictionTally>
    let tell: @Sendable (ServiceEvent) -> Void
    let told = Lock(RecentRows())
    /// Held by whoever reads rows to judge by, so that each counts once.
    let reading = Lock(())
    let rowsFollower = DispatchQueue(label: "tare.rows")
    let deliverer = DispatchQueue(label: "tare.journal")

    package struct Settings: Sendable {
        /// The rows that a training reads.
        package var rows = RowChoice.newest(50)
        package var bounds = RowBounds()
        package var tolerance = LinearModel.defaultTolerance
        /// Whether a new model is judged before it serves, and taken back where it does worse than its parent would.
        package var isGated = true
        /// How many callers may wait for one training.
        package var waitersMax = 64
        package var rules = TrainingRules()
        package var retention = Retention()
        /// How long a training waits for another server's.
        package var turnSecondsMax = 10
        /// How long one that changes which model serves waits for the others of this server, and how long it goes on while
        /// other servers are faster.
        var changeSecondsMax = 3
        /// How often another server's swap is looked for.
        package var followMilliseconds = 250
        /// How often rows that came to other servers are looked for.
        var followRowsMilliseconds = 1000
        /// How often the store is offered what waits in the journal.
        var deliverMilliseconds = 250
        /// By how much a row's time may be ahead of the clock.
        package var clockSkewSecondsMax = 300
        /// Whether levels are one that differ in case or surrounding space only.
        package var foldsCase = false

        package init() {}
    }

    /// - Parameters:
    ///   - initial: served until the store of models has one; nil where there is none.
    ///   - journal: keeps rows while the store is away.
    ///   - log: is told in one line what an operator should know.
    ///   - tell: is told what happens, from any thread; it must not wait.
    ///   - clock: gives a model its time.
    package init(
        specification: ModelSpecification, store: any Store, models: any ModelStore, initial: ModelVersion?,
        journal: ObservationJournal? = nil, settings: Settings = Settings(),
        log: @escaping @Sendable (String) -> Void = { _ in },
        tell: @escaping @Sendable (ServiceEvent) -> Void = { _ in },
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.specification = specification
        rowsWatch = StoreWatch("the store of rows", log: log) { tell(.store(.rows, fault: $0)) }
        modelsWatch = StoreWatch("the store of models", log: log) { tell(.store(.models, fault: $0)) }
        journalWatch = StoreWatch("the journal", log: log) { tell(.store(.journal, fault: $0)) }
        self.store = WatchedStore(store: store, watch: rowsWatch)
        self.models = WatchedModels(models: models, watch: modelsWatch)
        self.initial = initial
        self.journal = journal
        self.settings = settings
        self.log = log
        self.tell = tell
        self.clock = clock
        let first = initial.map(ServedModel.init)
        self.served = Lock(first)
        self.judging = Lock(Judging(first))
        var predictions = PredictionTally()
        if let first { predictions.begin(first.version, first.predictions) }
        self.predictions = Lock(predictions)
    }

    /// The model that is served now.
    package var current: ServedModel? { served.withLock { $0 } }

    /// What a row must be like, by the clock as it is now.
    package var rowRule: RowRule {
        RowRule(
            specification, clock: RowRule.Clock(now: clock(), secondsAheadMax: settings.clockSkewSecondsMax),
            foldsCase: settings.foldsCase)
    }

    /// The rows that a training may use.
    var usableRows: UsableRows { UsableRows(store: store, rule: rowRule, bounds: settings.bounds) }

    /// What is wrong with the store of rows, by the last that was asked of it; nil where nothing is.
    package var rowsFault: String? { rowsWatch.fault }

    /// What is wrong with the store of models, or with the model that it says should serve.
    package var modelsFault: String? { modelsWatch.fault }

    /// Blocks until the store has shown that it answers.
    package func checkStore() throws(StoreError) {
        try store.check()
    }

    /// Ends what runs beside the calls. No other call follows.
    package func close() {
        isClosed.store(true, ordering: .releasing)
        follower.sync {}
        rowsFollower.sync {}
        deliverer.sync {}
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
            if let other = try models.state(otherThan: state.revision) { known.withLock { $0 = other } }
            guard let deployment = state.deployment else { return }
            do throws(StoreError) {
                try takeOver(deployment)
                modelsWatch.note(.content, nil)
            } catch let error where error.kind == .refused {
                // An answer by another model is better than none. The next look tries again.
                modelsWatch.note(.content, error.description)
                chooseInterim()
            }
        }
    }

    /// Serves the newest model that is whole, else the initial one, where nothing serves that servers agreed on. Blocks.
    func serveInterim() {
        adoption.withLock { _ in chooseInterim() }
    }

    private func chooseInterim() {
        guard judging.withLock({ $0.deployment == nil }), !isInterimChosen.load(ordering: .acquiring) else { return }
        do throws(StoreError) {
            let model = try newestWhole() ?? initial
            isInterimChosen.store(true, ordering: .releasing)
            guard let model, model.version != current?.version else { return }
            serve(Successor(model: ServedModel(model)), as: nil)
        } catch {
            // The next look does it.
        }
    }

    /// The newest model of this specification that went into service and is as it was written, if there is one.
    func newestWhole() throws(StoreError) -> ModelVersion? {
        try models.newest(of: specification) { log("passed over: \($0)") }
    }

    /// Makes a successor of the known state the state of all servers. Blocks until that is durable.
    /// - Parameters:
    ///   - model: is kept with it.
    ///   - successor: what serves from then on, where that changes.
    /// - Returns: false where another server was faster; nothing has changed then.
    func agree(
        on next: ServingState, keeping model: ModelVersion? = nil, serving successor: Successor? = nil
    ) throws(StoreError) -> Bool {
        try adopting { () throws(StoreError) in
            guard try models.replaceState(with: next, keeping: model) else { return false }
            known.withLock { $0 = next }
            if let successor { serve(successor, as: next.deployment) }
            return true
        }
    }

    /// Serves what servers agreed on, unless it does so already.
    private func takeOver(_ deployment: ServingState.Deployment) throws(StoreError) {
        let judged = judging.withLock { $0 }
        if let held = judged.deployment, held.version == deployment.version, held.since == deployment.since,
            held.rollback == deployment.rollback
        {
            if held.isOnProbation, !deployment.isOnProbation {
                judging.withLock { $0 = $0.afterProbation(deployment) }
            }
            return
        }
        let model = try servable(deployment.version)
        let parent = deployment.isOnProbation ? parent(of: model) : nil
        serve(Successor(model: ServedModel(model), parent: parent), as: deployment)
    }

    /// What a model on probation must do better than; nil where it cannot be read, which ends the probation.
    private func parent(of model: ModelVersion) -> ServedModel? {
        do throws(StoreError) {
            guard let version = model.parent, let parent = try models.model(version) else { return nil }
            return ServedModel(parent)
        } catch {
            log("\(model.version) serves without probation: \(error)")
            return nil
        }
    }

    private func servable(_ version: String) throws(StoreError) -> ModelVersion {
        guard let model = try models.model(version) else {
            throw StoreError(.refused, "the model \(version), which is to serve, is not among the models")
        }
        try model.require(specification)
        return model
    }

    /// - Parameter deployment: nil where servers have agreed on nothing yet.
    func serve(_ successor: Successor, as deployment: ServingState.Deployment?) {
        // Before the swap, so that no prediction is counted for a model that is not known here.
        predictions.withLock { $0.begin(successor.model.version, successor.model.predictions) }
        let (version, previous) = (successor.model.version, current?.version)
        if let current { keepFormer(current.model) }
        served.withLock { $0 = successor.model }
        judging.withLock { $0 = Judging(successor.model, deployment, after: successor.parent) }
        if version != previous { tell(.serving(version: version, previous: previous)) }
    }

    /// The place behind the rows that there are, from which a model that goes into service now is counted.
    var endOfRows: StorePlace? { try? store.end(notAfter: rowRule.clock?.latest) }

    /// Runs `body` while nobody else in this server changes which model serves.
    func changing<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        let seconds = settings.changeSecondsMax
        guard let result = try changes.withLock(within: .seconds(seconds), body) else {
            throw StoreError(.unavailable, "the model is being changed, for more than \(seconds) s already")
        }
        return result
    }

    private func adopting<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try adoption.withLock { _ throws(StoreError) in try body() }
    }
}
