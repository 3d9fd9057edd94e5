import Documents

/// Reads the columns of one JSON object. Null and missing are the same.
///
/// It follows ksqlDB where that serves the user, and is stricter where ksqlDB would let a mistake pass:
/// - a number may be given in quotes, but not as Java source or hexadecimal (`4d`, `0x1p2`), nor as `NaN` or `Infinity`;
/// - a text may be given as a whole number, but not as a fraction, a boolean, an array or an object.
struct FieldReader: RecordFields {
    private let document: JSON
    private var members: [JSON.Member] { document.members ?? [] }
    let names: FieldNames
    /// The longest text that is accepted, in Unicode scalars: what waits for its partner is held in memory.
    let charactersMax: Int

    init(
        _ document: JSON, names: FieldNames, charactersMax: Int = DocumentLimits.identifierCharactersMax
    ) throws(RecordProblem) {
        guard document.members != nil else {
            throw RecordProblem("the value is \(document.kind); accepted is an object")
        }
        self.document = document
        self.names = names
        self.charactersMax = charactersMax
    }

    func value(_ name: String) -> JSON? { names.value(name, in: members) }

    func has(_ name: String) -> Bool { value(name) != nil }

    func number(_ name: String) throws(RecordProblem) -> Double? {
        switch value(name) {
        case nil, .null: return nil
        case .integer(let number): return Double(number)
        // ksqlDB has no negative zero here.
        case .number(let number): return number == 0 ? 0 : number
        case .string(let text):
            guard let number = Self.number(inQuotes: text) else {
                throw RecordProblem("\(name) is the text '\(text.excerpt)'; accepted is a number")
            }
            return number
        case let other?: throw RecordProblem("\(name) is \(other.kind); accepted is a number")
        }
    }

    func text(_ name: String) throws(RecordProblem) -> String? {
        switch value(name) {
        case nil, .null: return nil
        case .string(let text):
            try Self.check(text, isAtMost: charactersMax, as: name)
            return text
        case .integer(let number): return String(number)
        case let other?: throw RecordProblem("\(name) is \(other.kind); accepted is a text")
        }
    }

    func object(_ name: String) throws(RecordProblem) -> FieldReader? {
        guard let value = value(name), value != .null else { return nil }
        guard value.members != nil else {
            throw RecordProblem("\(name) is \(value.kind); accepted is an object")
        }
        return try FieldReader(value, names: names, charactersMax: charactersMax)
    }

    var statement: PredictionStatement? { PredictionStatement(document) }

    static func check(_ text: String, isAtMost charactersMax: Int, as name: String) throws(RecordProblem) {
        guard text.utf8.count > charactersMax, case let count = text.unicodeScalars.count, count > charactersMax else {
            return
        }
        throw RecordProblem("\(name) has \(count) characters; accepted are up to \(charactersMax)")
    }

    /// A decimal number with white space around it at most.
    static func number(inQuotes text: String) -> Double? {
        let trimmed = text.utf8.trimmingSpace
        let allowed: (UInt8) -> Bool = { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard trimmed.allSatisfy(allowed), let number = Double(Substring(trimmed)), number.isFinite else { return nil }
        return number
    }
}

extension Substring.UTF8View {
    fileprivate var trimmingSpace: Substring.UTF8View {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let last = lastIndex(where: { !isSpace($0) }) else { return self[endIndex...] }
        return self[...last].drop(while: isSpace)
    }
}

extension String.UTF8View {
    fileprivate var trimmingSpace: Substring.UTF8View { self[...].trimmingSpace }
}

extension String {
    /// The beginning of a text from elsewhere, fit for a message.
    package var excerpt: String {
        let characters = 60
        let text = prefix(characters).map { $0.isNewline ? " " : $0 }
        return String(text) + (dropFirst(characters).isEmpty ? "" : "…")
    }
}
