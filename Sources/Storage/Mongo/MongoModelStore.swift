import Documents
import ModelService

/// Models in a collection of MongoDB, one document a version, beside two more: what the servers over them agree on, and
/// whose turn it is to train.
///
/// A model is kept as the text of its document, because the same rows must give the same bytes, and because its trigger
/// is a stranger's, with any names that MongoDB may not take. What one would search for stands beside it.
final class MongoModelStore: ModelStore {
    static let stateName = "serving"
    private static let turnName = "training"
    /// How long a server that crashed keeps the others from training, by the database's clock: less than they wait for
    /// their turn, so that no trigger is lost by it. One that is slower than this trains for nothing: it cannot put its
    /// state in place of what another made of it meanwhile.
    static let turnMilliseconds: Int64 = 8_000

    let endpoint: MongoEndpoint
    /// Of this store, among all that are open.
    private let name = String(UInt64.random(in: .min ... .max), radix: 16)

    init(location: MongoLocation, log: @escaping @Sendable (String) -> Void) throws(StoreError) {
        endpoint = try MongoEndpoint(location, log: log)
    }

    func save(_ model: ModelVersion) throws(StoreError) {
        try put(Self.members(of: model), for: model)
        try require(model, as: try self.model(model.version))
    }

    static func members(of model: ModelVersion) -> [JSON.Member] {
        [
            .init("_id", .string(model.version)), .init("time", .string(model.time.description)),
            .init("parent", JSON(model.parent)), .init("state", .string(model.state.rawValue)),
            .init("rows", JSON(model.rows)), .init("rowsHash", .string(model.rowsHash)),
            .init("document", .string(model.document.compact)),
        ]
    }

    func put(_ members: [JSON.Member], for model: ModelVersion) throws(StoreError) {
        let document = JSON.object(members)
        try endpoint.attempt("keeping the model \(model.version)") { collection throws(MongoFailure) in
            if try collection.insert([BSONDocument(document)]).isEmpty { return }
            _ = try collection.replace(["_id": .string(model.version)], with: document)
        }
    }

    /// - Throws: where what was read back is not what was written.
    func require(_ model: ModelVersion, as read: ModelVersion?) throws(StoreError) {
        guard read == model else {
            throw StoreError(.refused, "\(endpoint.location) holds another model as \(model.version)")
        }
    }

    func model(_ version: String) throws(StoreError) -> ModelVersion? {
        guard ModelVersion.isVersion(version) else { return nil }
        let told: JSON = ["_id": .string(version), Self.pendingField: .null]
        if let text = try text(told, purpose: "reading the model \(version)") { return try read(version, text) }
        guard try isTold(version) else { return nil }
        return try modelInAnyState(version)
    }

    /// Of a model that may not have been told of yet.
    func modelInAnyState(_ version: String) throws(StoreError) -> ModelVersion? {
        let text = try text(["_id": .string(version)], purpose: "reading the model \(version)")
        return try text.map { text throws(StoreError) in try read(version, text) }
    }

    private func read(_ version: String, _ text: String) throws(StoreError) -> ModelVersion {
        do {
            return try ModelVersion(document: try JSON(parsing: text))
        } catch {
            throw StoreError(.refused, "\(version) in \(endpoint.location) is not a model: \(error)")
        }
    }

    func versions(before: String?, limit: Int) throws(StoreError) -> [String] {
        guard limit > 0 else { return [] }
        // Versions begin with a digit of their year, the other documents do not.
        let filter: JSON = [
            "_id": ["$gte": "0", "$lt": .string(before.map { min($0, ":") } ?? ":")], Self.pendingField: .null,
        ]
        var options: [JSON.Member] = [.init("sort", ["_id": -1]), .init("projection", ["_id": 1])]
        if limit < .max { options.append(.init("limit", JSON(limit))) }
        return try endpoint.attempt("listing the models") { collection throws(MongoFailure) in
            var versions: [String] = []
            try collection.find(BSONDocument(filter), options: .object(options)) { elements in
                while elements.next() {
                    if case .text(let version) = elements.value, elements.name == "_id" { versions.append(version) }
                }
            }
            return versions
        }
    }

    func remove(_ versions: [String]) throws(StoreError) {
        let names = versions.filter(ModelVersion.isVersion).map { JSON.string($0) }
        try endpoint.attempt("removing \(names.count) models") { collection throws(MongoFailure) in
            try collection.delete(["_id": ["$in": .array(names)]])
        }
    }

    /// Of models that were kept and not told of. The database writes each document whole or not at all.
    func removeLeftovers() { try? settlePending() }

    func close() {
        endTraining()
        endpoint.close()
    }

    /// The text that stands in the document that is found.
    func text(_ filter: JSON, purpose: String) throws(StoreError) -> String? {
        try endpoint.attempt(purpose) { collection throws(MongoFailure) in
            var found: String?
            try collection.find(BSONDocument(filter), options: ["limit": 1]) { elements in
                while elements.next() {
                    if case .text(let text) = elements.value, elements.name == "document" { found = text }
                }
            }
            return found
        }
    }
}

// MARK: - What servers agree on

extension MongoModelStore {
    func state(otherThan revision: Int64) throws(StoreError) -> ServingState? {
        let filter: JSON = ["_id": .string(Self.stateName), "revision": ["$ne": .integer(revision)]]
        guard let text = try text(filter, purpose: "reading which model serves") else { return nil }
        do {
            return try ServingState(text: Array(text.utf8))
        } catch {
            throw StoreError(.unavailable, "'\(Self.stateName)' in \(endpoint.location) is no state: \(error)")
        }
    }

    func replaceState(with state: ServingState, keeping model: ModelVersion?) throws(StoreError) -> Bool {
        try settlePending()
        if let model { try savePending(model, revision: state.revision) }
        // Where a connection breaks meanwhile, nobody can tell whether the model came too late; whoever settles finds out.
        let isReplaced = try putState(state, keeping: model)
        if let model {
            if isReplaced { try? tell(of: model.version) } else { try remove([model.version]) }
        }
        return isReplaced
    }

    private func putState(_ state: ServingState, keeping model: ModelVersion?) throws(StoreError) -> Bool {
        let document: JSON = [
            "_id": .string(Self.stateName), "revision": .integer(state.revision), "active": JSON(state.active),
            Self.toldField: JSON(model?.version),
            "document": .string(String(decoding: state.text, as: UTF8.self)),
        ]
        return try endpoint.attempt("writing which model serves") { collection throws(MongoFailure) in
            let before: JSON = ["_id": .string(Self.stateName), "revision": .integer(state.revision - 1)]
            if try collection.replace(before, with: document) { return true }
            // The first of all, or the first since one was set aside.
            return try collection.insert([BSONDocument(document)]).isEmpty
        }
    }

    func beginTraining() throws(StoreError) -> Bool {
        let mine: JSON = ["owner": .string(name)]
        // null sorts before every date.
        let isOver: JSON = ["$expr": ["$lte": ["$until", "$$NOW"]]]
        let filter: JSON = ["_id": .string(Self.turnName), "$or": [mine, isOver]]
        let until: JSON = ["$add": ["$$NOW", .integer(Self.turnMilliseconds)]]
        let change: JSON = [["$set": ["owner": .string(name), "until": until]]]
        return try endpoint.attempt("asking for the turn to train") { collection throws(MongoFailure) in
            if try collection.update(filter, change) { return true }
            // Held by another, or the first turn of all.
            let isFirst = try collection.insert([BSONDocument(["_id": .string(Self.turnName), "until": nil])]).isEmpty
            return isFirst ? try collection.update(filter, change) : false
        }
    }

    /// Where the database is away, the turn ends by itself.
    func endTraining() {
        let mine: JSON = ["_id": .string(Self.turnName), "owner": .string(name)]
        _ = try? endpoint.attempt("giving back the turn to train") { collection throws(MongoFailure) in
            try collection.update(mine, ["$set": ["owner": nil, "until": nil]])
        }
    }
}
