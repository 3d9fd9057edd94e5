package import Documents
package import Specification

/// What servers over one store of models agree on: a value that is replaced as a whole, so that a model goes into
/// service and its trigger counts as handled at one and the same moment, whatever crashes when.
package struct ServingState: Sendable, Equatable {
    /// Grows by one with each change.
    package private(set) var revision: Int64 = 0
    private(set) var deployment: Deployment?
    /// The versions that served before it, the last one first: they go on competing.
    private(set) var former: [String] = []
    /// The time of the newest model that was trained.
    private(set) var trainedAt: Timestamp?
    /// The identity of the newest row when it was.
    private(set) var newestRow: String?
    package private(set) var memory = TriggerMemory()

    package init() {}

    /// A model's going into service. What servers count of it, they count from the same row on.
    struct Deployment: Sendable, Equatable {
        package let version: String
        /// The place behind the rows that there were then; nil where the store of rows was away, or the place was not
        /// noted.
        var since: StorePlace?
        /// Whether its first rows decide if it stays, or goes back to its parent.
        fileprivate(set) var isOnProbation = false
        /// What was taken back, where it serves because of that: see `Probation.document`.
        var rollback: JSON?
    }

    /// The version that serves.
    package var active: String? { deployment?.version }

    /// What may take the place of this one once it is changed.
    package var successor: ServingState {
        var next = self
        next.revision += 1
        return next
    }

    /// How many former versions compete.
    static let formerMax = 4

    package mutating func activate(
        _ version: String, since place: StorePlace?, isOnProbation: Bool = false, rollback: JSON? = nil
    ) {
        if let active, active != version {
            former = Array(([active] + former.filter { $0 != active && $0 != version }).prefix(Self.formerMax))
        }
        deployment = Deployment(version: version, since: place, isOnProbation: isOnProbation, rollback: rollback)
    }

    mutating func endProbation() { deployment?.isOnProbation = false }

    /// A version that was found to be worse competes no more.
    mutating func forget(_ version: String) { former.removeAll { $0 == version } }

    /// - Parameters:
    ///   - model: was trained, whether or not it serves.
    ///   - newestRow: the identity of the newest row, where it is known.
    mutating func noteTraining(of model: ModelVersion, newestRow: String?) {
        trainedAt = model.time
        self.newestRow = newestRow ?? self.newestRow
    }

    mutating func remember(
        _ identities: [TriggerIdentity], answer: JSON, holding validity: TriggerMemory.Validity, at now: Timestamp
    ) {
        memory.remember(identities, answer: answer, holding: validity, at: now)
    }
}

// MARK: - Text

extension ServingState {
    private static let format = "tare-state/2"
    /// Of states from before there was a checksum.
    private static let unsealedFormat = "tare-state/1"
    /// What such a state holds. One with more is a later one whose format was damaged.
    private static let unsealedMembers: Set<String> = [
        "format", "revision", "active", "former", "since", "onProbation", "rolledBack", "trainedAt", "newestRow",
        "answered",
    ]

    private static let revisionMax: Int64 = 1 << 53

    /// What is written: an object in one line, with a checksum.
    package var text: [UInt8] {
        var text = JSON.object([JSON.Member("format", .string(Self.format))] + members).bytes
        text.removeLast()
        text += #","answered":"#.utf8
        text.append(jsonArray: memory.texts)
        text.append(UInt8(ascii: "}"))
        return ByteSeal.close(object: text)
    }

    /// Reads what was written.
    /// - Throws: `ModelDocumentError` where it is no state, or not as it was written.
    package init(text: [UInt8]) throws(ModelDocumentError) {
        let document: JSON
        do {
            document = try JSON(parsing: text)
        } catch {
            throw ModelDocumentError(description: "it is not JSON: \(error)")
        }
        guard document["format"] == .string(Self.unsealedFormat) || ByteSeal.isWhole(text) else {
            throw ModelDocumentError(description: "it is not as it was written: its checksum does not fit")
        }
        try self.init(document: document)
    }

    /// All but the format and the triggers.
    var members: [JSON.Member] {
        [
            .init("revision", .integer(revision)),
            .init("active", JSON(active)), .init("former", .array(former.map { .string($0) })),
            .init("since", deployment?.since?.document ?? .null),
            .init("onProbation", .bool(deployment?.isOnProbation ?? false)),
            .init("rolledBack", deployment?.rollback ?? .null), .init("trainedAt", JSON(trainedAt?.description)),
            .init("newestRow", JSON(newestRow)),
        ]
    }

    package init(document: JSON) throws(ModelDocumentError) {
        let reader = DocumentReader(document, of: "state")
        switch try reader.text("format") {
        case Self.format: break
        case Self.unsealedFormat: try reader.checkMembers(among: Self.unsealedMembers)
        default: throw reader.mismatch("format", "'\(Self.format)'")
        }
        try self.init(reader, memory: TriggerMemory(elements: reader.array("answered")))
    }

    /// - Parameter reader: of a document with its members.
    init(_ reader: DocumentReader, memory: TriggerMemory) throws(ModelDocumentError) {
        revision = Int64(try reader.count("revision"))
        // Another one must be able to follow.
        guard revision < Self.revisionMax else { throw reader.mismatch("revision", "below \(Self.revisionMax)") }
        deployment = try Self.deployment(in: reader)
        former = reader.optionalMember("former") == .null ? [] : try reader.texts("former")
        let time = try reader.optionalText("trainedAt")
        trainedAt = time.flatMap { Timestamp($0) }
        guard (time == nil) == (trainedAt == nil) else { throw reader.mismatch("trainedAt", "a time or null") }
        newestRow = try reader.optionalText("newestRow")
        self.memory = memory
    }

    /// States that were written before this was agreed on say only which version serves.
    private static func deployment(in reader: DocumentReader) throws(ModelDocumentError) -> Deployment? {
        guard let version = try reader.optionalText("active") else { return nil }
        let since = reader.optionalMember("since")
        let place = StorePlace(document: since)
        guard (since == .null) == (place == nil) else {
            throw reader.mismatch("since", "a place among the rows or null")
        }
        let rollback = reader.optionalMember("rolledBack")
        let isOnProbation = reader.optionalMember("onProbation")
        guard isOnProbation == .null || isOnProbation.boolean != nil else {
            throw reader.mismatch("onProbation", "true or false")
        }
        return Deployment(
            version: version, since: place, isOnProbation: isOnProbation.boolean ?? false,
            rollback: rollback.members == nil ? JSON?.none : rollback)
    }
}

extension StorePlace {
    var document: JSON {
        switch self {
        case .sequence(let count): ["sequence": .integer(count)]
        case .time(let time): ["time": JSON(time?.description)]
        }
    }

    /// Nil for what is none.
    init?(document: JSON) {
        if let count = document["sequence"]?.integer {
            self = .sequence(count)
        } else if let time = document["time"] {
            let read = time.text.flatMap { Timestamp($0) }
            guard read != nil || time == .null else { return nil }
            self = .time(read)
        } else {
            return nil
        }
    }
}
