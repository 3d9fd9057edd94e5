import Documents
import Storage

/// What a run keeps in the database, so that the next one can go on.
struct FeedState: Equatable {
    var position: FeedPosition
    /// Windows that had closed by this time are done with.
    var evaluatedThrough: Timestamp?
    /// What the detector knew then; nil where reading again is enough.
    var detector: JSON?

    init(position: FeedPosition, evaluatedThrough: Timestamp?, detector: JSON? = nil) {
        self.position = position
        self.evaluatedThrough = evaluatedThrough
        self.detector = detector
    }

    /// - Returns: nil where that is no such document.
    init?(_ document: JSON) {
        guard let isReading = document["isReading"]?.boolean, let read = document["read"]?.elements else { return nil }
        position = FeedPosition()
        position.token = document["token"]?.text
        position.isReading = isReading
        for entry in read {
            guard let collection = entry["collection"]?.text, let last = entry["last"]?.text else { return nil }
            position.identifiers[collection] = last
        }
        evaluatedThrough = document["evaluatedThrough"]?.integer.map(Timestamp.init(milliseconds:))
        // Not by `flatMap`: to an optional of JSON, nil may be its null.
        if let kept = document["detector"], kept != .null { detector = kept }
    }

    var document: JSON {
        let read = position.identifiers.sorted { $0.key < $1.key }.map { collection, last -> JSON in
            ["collection": .string(collection), "last": .string(last)]
        }
        return [
            "token": JSON(position.token), "isReading": .bool(position.isReading), "read": .array(read),
            "evaluatedThrough": evaluatedThrough.map { .integer($0.milliseconds) } ?? .null,
            "detector": detector ?? .null,
        ]
    }
}
