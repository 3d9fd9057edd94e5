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
        guard case .text(let text) = self, !text.isEmpty else { return nil }
        return text
    }

    var identifier: String? {
        switch self {
        case .text(let text): text
        default: whole.map(String.init)
        }
    }

    var modelTime: String? {
        switch self {
        case .text(let text): text
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
    /// Also unwraps MongoDB's Extended JSON, in its older and its current form: `{"$date": …}`, `{"$numberLong": "5"}`.
    package init(_ json: JSON) {
        switch json {
        case .integer(let value): self = .whole(value)
        case .number(let value): self = .number(value)
        case .string(let text): self = .text(text)
        case .object(let members) where members.count == 1: self = Self(wrapped: members[0])
        default: self = .nothing
        }
    }

    private init(wrapped member: JSON.Member) {
        switch (member.name, member.value.text) {
        case ("$date", _):
            self = Self(member.value).timestamp.map { .time($0) } ?? .nothing
        case ("$numberLong", let text?), ("$numberInt", let text?):
            self = Int64(text).map { .whole($0) } ?? .nothing
        case ("$numberDouble", let text?), ("$numberDecimal", let text?):
            self = Double(text).map { .number($0) } ?? .nothing
        default:
            self = .nothing
        }
    }
}
