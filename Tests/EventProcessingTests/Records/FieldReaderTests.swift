import Documents
import Testing

@testable import EventProcessing

@Suite("Columns out of JSON")
struct FieldReaderTests {
    private func reader(_ json: String, _ names: FieldNames = .exact) throws -> FieldReader {
        try FieldReader(JSON(parsing: json, repeatedNames: .lastWins), names: names)
    }

    @Test(
        "a number may be a number, or a decimal number in quotes; null and missing are none",
        arguments: [
            ("4", 4), ("4.5", 4.5), ("-1e3", -1000), (#""4.0""#, 4), (#"" 4.0 ""#, 4), (#""1e1""#, 10), (#""+4""#, 4),
            (#"".5""#, 0.5), (#""5.""#, 5), (#""05""#, 5), ("null", nil),
        ] as [(String, Double?)])
    func numbers(_ json: String, _ expected: Double?) throws {
        #expect(try reader(#"{"Weight":\#(json)}"#).number("Weight") == expected)
        #expect(try reader("{}").number("Weight") == nil)
    }

    @Test("a negative zero is none")
    func zero() throws {
        #expect(try reader(#"{"Weight":-0.0}"#).number("Weight")?.sign == .plus)
    }

    @Test(
        "anything else is no number",
        arguments: [
            "true", "[1]", "{}", #""""#, #"" ""#, #""abc""#, #""NA""#, #""4,0""#, #""1_000""#, #""null""#, #""4f""#,
            #""4d""#, #""0x1p2""#, #""NaN""#, #""Infinity""#, #""1e999""#, #""٤""#, #""e""#, #"".""#, #""+-4""#,
            #""4 4""#,
        ])
    func noNumbers(_ json: String) throws {
        let reader = try reader(#"{"Weight":\#(json)}"#)
        let problem = #expect(throws: RecordProblem.self) { try reader.number("Weight") }
        #expect(problem?.description.contains("Weight is ") == true)
        #expect(problem?.description.contains("accepted is a number") == true)
    }

    @Test(
        "a text may be a text or a whole number",
        arguments: [(#""a""#, "a"), (#""""#, ""), ("5", "5"), ("-5", "-5"), ("null", nil)] as [(String, String?)])
    func texts(_ json: String, _ expected: String?) throws {
        #expect(try reader(#"{"Species":\#(json)}"#).text("Species") == expected)
    }

    @Test("anything else is no text", arguments: ["true", "5.5", "1e2", #"["a"]"#, "{}"])
    func noTexts(_ json: String) throws {
        let reader = try reader(#"{"Species":\#(json)}"#)
        #expect(throws: RecordProblem.self) { try reader.text("Species") }
    }

    @Test(
        "quoted columns match letter for letter, unquoted ones the upper-case name first, else the last in any case",
        arguments: [
            (#"{"weight":1,"Weight":2,"WEIGHT":3}"#, 2, 3), (#"{"WEIGHT":3,"weight":1}"#, nil, 3),
            (#"{"WEIGHT":null,"weight":1}"#, nil, nil), (#"{"weight":1,"wEIGHT":4}"#, nil, 4), (#"{"Weight":5}"#, 5, 5),
            (#"{"Weight":1,"Weight":6}"#, 6, 6), (#"{"W\u0065ight":7}"#, 7, 7), (#"{"weights":1}"#, nil, nil),
        ] as [(String, Double?, Double?)])
    func names(_ json: String, _ exact: Double?, _ anyCase: Double?) throws {
        #expect(try reader(json, .exact).number("Weight") == exact)
        #expect(try reader(json, .anyCase).number("Weight") == anyCase)
    }

    @Test("what is not an object has no columns", arguments: ["[]", "4", #""a""#, "true", "null"])
    func noObject(_ json: String) {
        #expect(throws: RecordProblem.self) { try reader(json) }
    }
}
