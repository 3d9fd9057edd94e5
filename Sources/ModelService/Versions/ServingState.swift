package import Documents

/// What servers over one store of models agree on: a value that is replaced as a whole, so that a model goes into
/// service and its trigger counts as handled at one and the same moment, whatever crashes when.
package struct ServingState: Sendable, Equatable {
    /// Grows by one with each change.
    package private(set) var revision: Int64 = 0
    /// The version that serves.
    package private(set) var active: String?
    /// The versions that served before it, the last one first: they go on competing.
    private(set) var former: [String] = []
    /// The time of the newest model that was trained.
    private(set) var trainedAt: Timestamp?
    /// The identity of the newest row when it was.
    private(set) var newestRow: String?
    package private(set) var memory = TriggerMemory()

    package init() {}

    /// What may take the place of this one once it is changed.
    package var successor: ServingState {
        var next = self
        next.revision += 1
        return next
    }

    /// How many former versions compete.
    static let formerMax = 4

    package mutating func activate(_ version: String) {
        if let active, active != version {
            former = Array(([active] + former.filter { $0 != active && $0 != version }).prefix(Self.formerMax))
        }
        active = version
    }

    /// - Parameter failed: serves and was found to be worse; it does not compete any more.
    mutating func rollBack(to version: String, from failed: String) {
        activate(version)
        former.removeAll { $0 == failed }
    }

    /// - Parameters:
    ///   - model: was trained, whether or not it serves.
    ///   - newestRow: the identity of the newest row, where it is known.
    mutating func noteTraining(of model: ModelVersion, newestRow: String?) {
        trainedAt = model.time
        self.newestRow = newestRow ?? self.newestRow
    }

    mutating func remember(_ identities: [TriggerIdentity], answer: JSON, at now: Timestamp) {
        memory.remember(identities, answer: answer, at: now)
    }
}

// MARK: - Document

extension ServingState {
    private static let format = "tare-state/1"

    package var document: JSON {
        [
            "format": .string(Self.format), "revision": .integer(revision), "active": JSON(active),
            "former": .array(former.map { .string($0) }),
            "trainedAt": JSON(trainedAt?.description), "newestRow": JSON(newestRow), "answered": memory.document,
        ]
    }

    package init(document: JSON) throws(ModelDocumentError) {
        let reader = DocumentReader(document, of: "state")
        guard try reader.text("format") == Self.format else { throw reader.mismatch("format", "'\(Self.format)'") }
        revision = Int64(try reader.count("revision"))
        active = try reader.optionalText("active")
        former = reader.optionalMember("former") == .null ? [] : try reader.texts("former")
        let time = try reader.optionalText("trainedAt")
        trainedAt = time.flatMap { Timestamp($0) }
        guard (time == nil) == (trainedAt == nil) else { throw reader.mismatch("trainedAt", "a time or null") }
        newestRow = try reader.optionalText("newestRow")
        memory = try TriggerMemory(elements: reader.array("answered"))
    }
}
