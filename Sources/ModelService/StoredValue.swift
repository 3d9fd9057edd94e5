package import Documents

/// What a field of a stored row may hold, whatever the database calls it.
package enum StoredValue: Sendable, Equatable {
    case whole(Int64)
    case number(Double)
    case text(String)
    case time(Timestamp)
    /// Null, or a kind of value that no field of an observation can take.
    case nothing
}

// MARK: - What a field makes of a value

extension StoredValue {
    var finite: Double? {
        switch self {
        case .whole(let value): Double(value)
        case .number(let value) where value.isFinite: value
        default: nil
        }
    }

    var nonEmptyText: String? {
        boundedText.flatMap { $0.isEmpty ? nil : $0 }
    }

    var identifier: String? {
        boundedText ?? whole.map(String.init)
    }

    var modelTime: String? {
        switch self {
        case .text: boundedText
        case .time(let time): time.modelTimeText
        default: nil
        }
    }

    /// Numbers are milliseconds since 1970.
    var timestamp: Timestamp? {
        switch self {
        case .time(let time): time
        case .text(let text): Timestamp(text)
        default: whole.map { Timestamp(milliseconds: $0) }
        }
    }

    /// Nothing that this program writes is longer, and a training holds very many rows.
    private var boundedText: String? {
        guard case .text(let text) = self, text.utf8.count <= DocumentLimits.storedTextBytesMax else { return nil }
        return text
    }

    private var whole: Int64? {
        switch self {
        case .whole(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }
}

// MARK: - JSON

extension StoredValue {
    /// Also unwraps MongoDB's Extended JSON.
    package init(_ json: JSON) {
        switch json {
        case .integer(let value): self = .whole(value)
        case .number(let value): self = .number(value)
        case .string(let text): self = .text(text)
        default: self = ExtendedJSON.scalar(json).map(Self.init) ?? .nothing
        }
    }

    private init(_ scalar: ExtendedJSON.Scalar) {
        self =
            switch scalar {
            case .integer(let value): .whole(value)
            case .number(let value): .number(value)
            case .time(let time): .time(time)
            // An object id is no identifier of a subject, and a date that is no time is none.
            case .text, .other: .nothing
            }
    }
}
