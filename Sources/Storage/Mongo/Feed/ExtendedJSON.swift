import Documents

/// MongoDB's extended JSON, where a value that JSON does not know is an object with one name that begins with `$`:
/// https://github.com/mongodb/specifications/blob/master/source/extended-json.md
enum ExtendedJSON {
    /// The same document with plain values: numbers as numbers, a date as its ISO text, an object id as its digits. What
    /// has no plain form, such as binary data, is null.
    static func plain(_ value: JSON) -> JSON {
        switch value {
        case .object(let members):
            if let only = members.first, members.count == 1, only.name.hasPrefix("$") { return plain(only) }
            // Regular expressions, code and binary data in other forms have two such names.
            if let first = members.first, first.name.hasPrefix("$") { return .null }
            return .object(members.map { JSON.Member($0.name, plain($0.value)) })
        case .array(let elements): return .array(elements.map(plain))
        default: return value
        }
    }

    private static func plain(_ wrapped: JSON.Member) -> JSON {
        switch (wrapped.name, wrapped.value) {
        case ("$numberInt", .string(let text)), ("$numberLong", .string(let text)):
            Int64(text).map(JSON.integer) ?? .null
        case ("$numberDouble", .string(let text)), ("$numberDecimal", .string(let text)):
            // NaN and the infinities are no numbers of JSON; as text they are told to whoever wanted a number.
            Double(text).map { $0.isFinite ? .number($0) : .string(text) } ?? .null
        case ("$date", let date): time(date).map { .string($0.description) } ?? .null
        case ("$oid", .string(let digits)): .string(digits)
        default: .null
        }
    }

    private static func time(_ date: JSON) -> Timestamp? {
        guard let milliseconds = plain(date).integer, Timestamp.years.contains(milliseconds) else { return nil }
        return Timestamp(milliseconds: milliseconds)
    }

    /// When an object id was made, to the second: its first four bytes.
    static func creation(ofIdentifier identifier: JSON) -> Timestamp? {
        guard let digits = identifier["$oid"]?.text, let seconds = Int64(digits.prefix(8), radix: 16) else {
            return nil
        }
        return Timestamp(milliseconds: seconds * 1000)
    }
}

extension Timestamp {
    /// From 1970 to the end of 9999: beyond it the sums of times and bounds might not fit.
    fileprivate static let years: ClosedRange<Int64> = 0...253_402_300_799_999
}
