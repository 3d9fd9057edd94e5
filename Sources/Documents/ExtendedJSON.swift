/// MongoDB's extended JSON, in its older and its current form, where a value that JSON does not know is an object with one
/// name that begins with `$`: https://github.com/mongodb/specifications/blob/master/source/extended-json.md
package enum ExtendedJSON {
    /// What such an object stands for.
    package enum Scalar: Sendable, Equatable {
        case integer(Int64)
        /// NaN and the infinities too.
        case number(Double)
        case text(String)
        case time(Timestamp)
        /// A kind of value that has no plain form, such as binary data, or one that does not fit.
        case other
    }

    /// - Returns: nil where it is no such object.
    package static func scalar(_ value: JSON) -> Scalar? {
        guard let members = value.members, let first = members.first, first.name.hasPrefix("$") else { return nil }
        // Regular expressions, code and binary data in other forms have two such names.
        return members.count == 1 ? scalar(first) : .other
    }

    private static func scalar(_ wrapped: JSON.Member) -> Scalar {
        switch (wrapped.name, wrapped.value) {
        case ("$numberInt", .string(let text)), ("$numberLong", .string(let text)):
            Int64(text).map(Scalar.integer) ?? .other
        case ("$numberDouble", .string(let text)): Double(text).map(Scalar.number) ?? .other
        case ("$numberDecimal", .string(let text)):
            number(ofDecimal: text).map(Scalar.number) ?? .other
        case ("$date", let date): time(date)
        case ("$oid", .string(let digits)): .text(digits)
        default: .other
        }
    }

    private static func time(_ date: JSON) -> Scalar {
        if let text = date.text { return Timestamp(text).map(Scalar.time) ?? .text(text) }
        guard let milliseconds = plain(date).integer else { return .other }
        return Timestamp(exactly: milliseconds).map(Scalar.time) ?? .other
    }

    /// The same document with plain values: numbers as numbers, a date as its ISO text, an object id as its digits. What
    /// has no plain form is null.
    package static func plain(_ value: JSON) -> JSON {
        switch scalar(value) {
        case .integer(let number): return .integer(number)
        // NaN and the infinities are no numbers of JSON; as text they are told to whoever wanted a number.
        case .number(let number): return number.isFinite ? .number(number) : .string(name(ofNonFinite: number))
        case .text(let text): return .string(text)
        case .time(let time): return .string(time.description)
        case .other: return .null
        case nil: break
        }
        return switch value {
        case .object(let members): plain(document: members)
        case .array(let elements): .array(elements.map(plain))
        default: value
        }
    }

    /// The same of a document, which is no such object itself, whatever its first name.
    package static func plain(document members: [JSON.Member]) -> JSON {
        .object(members.map { JSON.Member($0.name, plain($0.value)) })
    }

    /// Whether a decimal of 128 bits has so many digits as it may have. Bits that say more stand for zero (IEEE 754-2008,
    /// 3.5.2); libbson 1.23 writes them as digits, which it does not read back.
    private static func isDecimal(_ text: String) -> Bool {
        let digits = text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }.filter {
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        }
        return digits.drop { $0 == UInt8(ascii: "0") }.count <= 34
    }

    /// Of the text of a decimal of 128 bits.
    package static func number(ofDecimal text: String) -> Double? { isDecimal(text) ? Double(text) : 0 }

    /// The same with zero for decimals that stand for it without saying so, at any depth.
    package static func canonical(_ value: JSON) -> JSON {
        switch value {
        case .array(let elements): return .array(elements.map(canonical))
        case .object(let members):
            return .object(
                members.map { member in
                    if member.name == "$numberDecimal", let text = member.value.text, !isDecimal(text) {
                        return JSON.Member(member.name, "0")
                    }
                    return JSON.Member(member.name, canonical(member.value))
                })
        default: return value
        }
    }

    private static func name(ofNonFinite number: Double) -> String {
        number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
    }

    /// When an object id was made, to the second: its first four bytes.
    package static func creation(ofIdentifier identifier: JSON) -> Timestamp? {
        guard let digits = identifier["$oid"]?.text, let seconds = Int64(digits.prefix(8), radix: 16) else {
            return nil
        }
        return Timestamp(milliseconds: seconds * 1000)
    }
}
