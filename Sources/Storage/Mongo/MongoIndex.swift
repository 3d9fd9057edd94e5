import Dispatch
import Documents
import ModelService
import Threading

/// An index that serves the newest rows: made where it is missing, beside the calls, one attempt at a time.
final class MongoIndex: Sendable {
    private enum State { case wanted, underway, present, givenUp }

    let key: JSON
    private let location: MongoLocation
    private let log: @Sendable (String) -> Void
    private let state = Lock(State.wanted)
    private let queue = DispatchQueue(label: "tare.mongo.index")

    init(key: JSON, location: MongoLocation, log: @escaping @Sendable (String) -> Void) {
        self.key = key
        self.location = location
        self.log = log
    }

    /// Whether a query may name the index, so that the server says when it is gone.
    var isPresent: Bool { state.withLock { $0 == .present } }

    /// The server said that the index is gone: the collection was dropped, and made anew.
    func isMissing() {
        state.withLock { if $0 == .present { $0 = .wanted } }
    }

    /// To be called with every call: where the database is away, the next one tries again.
    func makeIfWanted(in pool: MongoPool) {
        let isWanted = state.withLock { state in
            guard state == .wanted else { return false }
            state = .underway
            return true
        }
        guard isWanted else { return }
        queue.async { [self] in
            let reached = make(in: pool)
            state.withLock { $0 = reached }
        }
    }

    /// Waits for the attempt that is under way.
    func finish() { queue.sync {} }

    private func make(in pool: MongoPool) -> State {
        do {
            try pool.withCollection(at: location) { collection throws(MongoFailure) in
                try collection.run([
                    "createIndexes": .string(location.collection),
                    "indexes": [["key": key, "name": .string(name)]],
                ])
            }
            return .present
        } catch let error where error.kind == .unavailable {
            return .wanted
        } catch {
            log(
                "the index \(key.compact) of \(location) cannot be made: \(error.message); without it, reading the newest"
                    + " rows takes longer the more there are")
            return .givenUp
        }
    }

    /// As MongoDB's shell would name it.
    private var name: String {
        (key.members ?? []).map { "\($0.name)_\($0.value.compact)" }.joined(separator: "_")
    }
}
