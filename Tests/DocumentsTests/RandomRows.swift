import SeededTesting

/// Arrays of rows as programs write them, and as nobody should: with names that are escaped or given twice, numbers at the
/// edge of what a double holds, values nested in values, and bytes that are wrong.
struct RandomRows {
    static let wanted = ["Length", "Höhe", "id", "", "Species"]

    private static let names = [
        #""Length""#, #""Höhe""#, #""Ho\u0308he""#, "\"Ho\u{308}he\"", #""id""#, #""""#, #""Species""#,
        #""Lengt\u0068""#,
        #""Note""#, #""note""#, #""é""#, "\"e\u{301}\"", #""K""#, "\"\u{212A}\"", #""Length2""#, #""Lengtg""#,
        #""a\"b""#,
    ]
    private static let usual = ["Length", "Höhe", "id", "Species", "Note"].map { "\"\($0)\"" }
    private static let values = [
        "95", "95.5", "-0", "-0.0", "0", "0.1", "1e2", "1E+2", "1e-400", "1e400", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "12345678901234567890123", "0.30000000000000004", "4.9e-324",
        "1.7976931348623157e308", "01", "1.", ".5", "-", "+1", "1e", "0x1", "NaN", "null", "true", "false", "nul",
        "True",
        #""salmon""#, #""""#, #""zwölf""#, #""🐟""#, #""a\nb""#, #""\ud83d""#, #""a\/b""#, "\"a\tb\"", "\"open", "[]",
        "[1,2]",
        "[1,]", "{}", #"{"a":1,"a":2}"#, #"{"a":[{"b":null}]}"#, #"{"a":1e999}"#, String(repeating: "[", count: 70),
        String(repeating: "[", count: 61) + String(repeating: "]", count: 61),
        String(repeating: "[", count: 63) + String(repeating: "]", count: 63),
    ]
    private static let usualValues = ["95", "95.5", "0.30000000000000004", #""salmon""#, #""zwölf""#, "null", "-12"]
    private static let spaces = ["", "", "", " ", "\n", "\t ", "\r\n"]

    var random: SeededGenerator

    /// - Parameter oddness: how likely each part is an odd one.
    mutating func array(oddness: Double) -> [UInt8] {
        let rows = (0..<Int.random(in: 0...4, using: &random)).map { _ in row(oddness) }
        var text = Array((space + "[" + space + rows.joined(separator: space + "," + space) + space + "]" + space).utf8)
        if isOdd(oddness), !text.isEmpty { spoil(&text) }
        return text
    }

    mutating func row(_ oddness: Double) -> String {
        guard !isOdd(oddness / 4) else { return any(Self.values) }
        var names = Self.usual
        if isOdd(0.3) { names.shuffle(using: &random) }
        if isOdd(0.3) { names.removeLast(Int.random(in: 1...4, using: &random)) }
        let members = names.map { name in
            let name = isOdd(oddness) ? any(Self.names) : name
            let value = isOdd(oddness) ? any(Self.values) : any(Self.usualValues)
            return name + space + ":" + space + value
        }
        return "{" + space + members.joined(separator: space + "," + space) + space + "}"
    }

    private mutating func spoil(_ text: inout [UInt8]) {
        let place = Int.random(in: text.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text.remove(at: place)
        case 1: text[place] = UInt8.random(in: 0...255, using: &random)
        case 2: text.removeSubrange(place...)
        default: text.insert(any([0x22, 0x2C, 0x5C, 0x7B, 0x7D, 0x80, 0xC3, 0x00, 0x5D]), at: place)
        }
    }

    private var space: String { mutating get { any(Self.spaces) } }

    private mutating func isOdd(_ oddness: Double) -> Bool { Double.random(in: 0..<1, using: &random) < oddness }

    private mutating func any<Value>(_ values: [Value]) -> Value { values.randomElement(using: &random)! }
}
