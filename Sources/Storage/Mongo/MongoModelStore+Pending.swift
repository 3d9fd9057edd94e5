import Documents
import ModelService

/// A model that is kept with a state bears that state's revision until the state is there, and is not shown: whenever a
/// server crashes, there is no model that no state told of, and none is missing that one did. The state names the model
/// that came with it; whoever replaces the state settles that one first.
extension MongoModelStore {
    static let pendingField = "pending"
    static let toldField = "keeps"

    /// Keeps a model that the state of this revision will tell of.
    func savePending(_ model: ModelVersion, revision: Int64) throws(StoreError) {
        try put(Self.members(of: model) + [.init(Self.pendingField, .integer(revision))], for: model)
        try require(model, as: try modelInAnyState(model.version))
    }

    /// Whether the model came with the state that is there.
    func isTold(_ version: String) throws(StoreError) -> Bool {
        let filter: JSON = ["_id": .string(Self.stateName), Self.toldField: .string(version)]
        return try text(filter, purpose: "reading which model serves") != nil
    }

    /// Shows a model.
    func tell(of version: String) throws(StoreError) {
        _ = try endpoint.attempt("showing the model \(version)") { collection throws(MongoFailure) in
            try collection.update(["_id": .string(version)], ["$unset": [Self.pendingField: ""]])
        }
    }

    private func hasPending() throws(StoreError) -> Bool {
        let filter: JSON = ["_id": ["$gte": "0", "$lt": ":"], Self.pendingField: ["$exists": true]]
        return try text(filter, purpose: "looking for models that nobody was told of") != nil
    }

    /// Shows the model that came with the state that is there, and removes those that came with none.
    func settlePending() throws(StoreError) {
        guard try hasPending() else { return }
        var revision: Int64?
        var told: String?
        try endpoint.attempt("reading which model serves") { collection throws(MongoFailure) in
            (revision, told) = (nil, nil)
            try collection.find(BSONDocument(["_id": .string(Self.stateName)]), options: ["limit": 1]) { elements in
                while elements.next() {
                    switch (elements.name, elements.value) {
                    case ("revision", .whole(let number)): revision = number
                    case (Self.toldField, .text(let version)): told = version
                    default: break
                    }
                }
            }
        }
        if let told { try tell(of: told) }
        guard let revision else { return }
        // No version begins with anything but a digit.
        let filter: JSON = ["_id": ["$gte": "0", "$lt": ":"], Self.pendingField: ["$lte": .integer(revision)]]
        try endpoint.attempt("removing models that nobody was told of") { collection throws(MongoFailure) in
            try collection.delete(filter)
        }
    }
}
