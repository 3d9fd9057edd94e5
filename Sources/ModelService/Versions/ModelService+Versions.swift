import Dispatch
import Specification
import Synchronization
import Threading

extension ModelService {
    /// The versions that are kept, newest first.
    /// - Parameter before: only those that sort before it; nil for all.
    package func versions(before: String?, limit: Int) throws(StoreError) -> [String] {
        try models.versions(before: before, limit: limit)
    }

    /// Nil where there is none of that version.
    package func version(_ version: String) throws(StoreError) -> ModelVersion? {
        try models.model(version)
    }

    /// Of these versions those that can be read, in this order. What was read once is kept while it is asked for: models
    /// do not change.
    func formerModels(_ versions: [String]) -> [ModelVersion] {
        let known = former.withLock { $0 }
        let found = versions.compactMap { version -> ModelVersion? in
            if let model = known[version] { return model }
            let model = (try? models.model(version)) ?? nil
            return model?.specification == specification ? model : nil
        }
        former.withLock { $0 = Dictionary(found.map { ($0.version, $0) }) { first, _ in first } }
        return found
    }

    /// What serves no more competes, where it is one of those that do: it need not be read again.
    func keepFormer(_ model: ModelVersion) {
        let competing = state.former
        former.withLock { known in
            known[model.version] = model
            known = known.filter { competing.contains($0.key) }
        }
    }

    /// Serves a version that is kept, whether or not it was ever accepted. When this returns, it serves here, and will
    /// after a restart; other servers over the same models follow.
    /// - Returns: nil where there is none of that version.
    package func activate(_ version: String) throws(StoreError) -> (model: ModelVersion, previous: String?)? {
        guard let model = try models.model(version) else { return nil }
        try model.require(specification)
        let start = ContinuousClock.now
        repeat {
            let activated = try changing { () throws(StoreError) -> (model: ModelVersion, previous: String?)? in
                try refresh()
                let previous = current?.model.version
                if previous == version, state.active == version { return (model, previous) }
                var next = state.successor
                next.activate(version, since: endOfRows)
                let isAgreed = try agree(on: next, serving: Successor(model: ServedModel(model)))
                return isAgreed ? (model, previous) : nil
            }
            if let activated { return activated }
        } while ContinuousClock.now - start < .seconds(settings.changeSecondsMax)
        throw StoreError(.unavailable, "other servers change the model again and again")
    }

    /// Takes over the model that the store of models names; where it names none, makes the newest that is kept, else the
    /// initial one, the one that serves. Blocks. While the store is away, what is served goes on.
    ///
    /// Where the store of models is damaged, or cannot be written, the newest model that is whole serves meanwhile, or the
    /// initial one.
    package func settle() throws(StoreError) {
        do throws(StoreError) {
            try refresh()
            // The proposal replaces this state and no later one: a training, here or elsewhere, may change the state first.
            let state = self.state
            guard state.active == nil else { return }
            let newest = try newestWhole()
            guard let model = newest ?? initial else { return }
            try model.require(specification)
            var next = state.successor
            next.activate(model.version, since: endOfRows)
            let successor = Successor(model: ServedModel(model))
            if try !agree(on: next, keeping: newest == nil ? model : nil, serving: successor) { try refresh() }
        } catch {
            serveInterim()
            throw error
        }
    }

    /// Removes what servers that crashed left half written among the models.
    package func removeLeftovers() { models.removeLeftovers() }

    /// From here on, looks for what other servers changed, and for the rows that came to them, until `close`.
    package func follow() {
        repeatedly(on: follower, every: settings.followMilliseconds) {
            try? $0.settle()
            _ = try? $0.models.tidy()
        }
        // Apart, as either database may be away.
        repeatedly(on: rowsFollower, every: settings.followRowsMilliseconds) { $0.catchUp(pagesMax: .max) }
        if journal != nil { repeatedly(on: deliverer, every: settings.deliverMilliseconds) { $0.deliverJournal() } }
    }

    private func repeatedly(
        on queue: DispatchQueue, every milliseconds: Int, _ body: @escaping @Sendable (ModelService) -> Void
    ) {
        queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [weak self] in
            guard let self, !isClosed.load(ordering: .acquiring) else { return }
            body(self)
            repeatedly(on: queue, every: milliseconds, body)
        }
    }

    /// Models beyond the number that is kept. That they cannot be removed is no reason to refuse the new one.
    func removeOldModels() {
        let retention = settings.retention
        guard retention.keep != nil else { return }
        do throws(StoreError) {
            let removals = retention.removals(
                newestFirst: try models.versions(before: nil, limit: .max), active: state.active,
                parent: current?.model.parent)
            if !removals.isEmpty { try models.remove(removals) }
        } catch {
            log("old models are not removed: \(error)")
        }
    }
}
