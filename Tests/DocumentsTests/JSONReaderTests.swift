import SeededTesting
import Testing

@testable import Documents

@Suite("Reading JSON")
struct JSONReaderTests {
    @Test(
        "what RFC 8259 allows is read",
        arguments: [
            ("null", .null), (" true ", true), ("false", false), ("0", 0), ("-12", -12), ("1.5", 1.5),
            ("1e2", 100.0), ("-0", .number(-0.0)), ("9223372036854775807", 9_223_372_036_854_775_807),
            ("9223372036854775808", 9.223372036854775808e18), ("4.9e-324", .number(.leastNonzeroMagnitude)),
            ("1e-400", 0.0),
            (#""""#, ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"), (#""\u00e9\u4E2d""#, "é中"),
            (#""\ud83d\udc1f 🐟""#, "🐟 🐟"), ("[]", []), ("[1,\n[2]]", [1, [2]]), ("{}", .object([])),
            (#"{"b" : 1, "a":{"c":null}}"#, ["b": 1, "a": ["c": nil]]),
        ] as [(String, JSON)])
    func valid(_ text: String, _ expected: JSON) throws {
        #expect(try JSON(parsing: text) == expected)
    }

    @Test(
        "what RFC 8259 does not allow is refused where it stands",
        arguments: [
            ("", 0), ("  ", 2), ("nul", 0), ("05", 1), ("+5", 0), (".5", 0), ("5.", 2), ("1e", 2), ("0x10", 1),
            ("NaN", 0), ("Infinity", 0), ("'a'", 0), ("[1,]", 3), (#"{"a":1,}"#, 7), ("{a:1}", 1), (#"{"a" 1}"#, 5),
            ("[1 2]", 3), ("1 2", 2), (#"{"a":1}garbage"#, 7), ("[", 1), (#""a"#, 2), (#""\x""#, 2), (#""\u12g4""#, 5),
            (#""\ud83d""#, 1), (#""\udc1f""#, 1), (#""\ud83d\u0041""#, 1), ("\"a\tb\"", 2), ("1e400", 0),
            ("/* */ 1", 0), ("\u{FEFF}1", 0),
        ])
    func invalid(_ text: String, _ offset: Int) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
        do { _ = try JSON(parsing: text) } catch { #expect(error.offset == offset, "\(error)") }
    }

    @Test("of an object with very many members each name is looked for at once", .timeLimit(.minutes(40)))
    func manyMembers() throws {
        let names = (0..<200_000).map { "m\($0)" }
        let text = "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + ",\"m7\":2}"
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
        let last = try JSON(parsing: text, repeatedNames: .lastWins)
        #expect(last.members?.map(\.name) == names.filter { $0 != "m7" } + ["m7"])
    }

    @Test("an element of an array that is longer than it may be is refused, however far it goes on")
    func longElement() throws {
        for (text, isRead) in [
            ("[1,22222,3]", true), (#"[1,"222222",3]"#, false), (#"["123",1]"#, true), (#"["1234",1]"#, false),
            ("[[1,2],[3,4]]", true), ("[[1,2,3],1]", false), ("[1,{},true]", true), ("[1,[[[[[[", false),
            ("[     1     ,     2     ]", true),
        ] {
            var elements = JSONElements(of: Array(text.utf8), elementBytesMax: 5)
            var error: JSONError?
            do { while try elements.next() != nil {} } catch let found { error = found }
            #expect((error == nil) == isRead, "\(text)")
            #expect(isRead || error?.problem == "a value of more than 5 bytes", "\(text)")
        }
    }

    @Test("bytes that are not UTF-8 are refused", arguments: [[0xFF, 0xFE], [0xC3, 0x28], [0xED, 0xA0, 0xBD]])
    func notUTF8(_ bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSON(parsing: [0x22] + bytes + [0x22]) }
    }

    @Test("a repeated member is refused, or its last value counts, as the caller says")
    func repeatedNames() throws {
        let text = #"{"a":1,"b":2,"a":3}"#
        #expect(throws: JSONError(problem: "the member 'a' is given twice", offset: 13)) { try JSON(parsing: text) }
        #expect(try JSON(parsing: text, repeatedNames: .lastWins) == ["b": 2, "a": 3])
    }

    @Test(
        "a refusal names what is wrong without repeating all of it",
        arguments: ["{\"\(long)\":1,\"\(long)\":2}", "{\"\(long)\" 1}", "1\(long)e999"])
    func shortRefusals(_ text: String) {
        do { _ = try JSON(parsing: text) } catch {
            #expect((20...200).contains(error.description.utf8.count), "\(error)")
        }
    }
    private static let long = String(repeating: "1", count: 100_000)

    @Test("nesting is bounded")
    func depth() throws {
        let deep = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
        #expect(throws: Never.self) { try JSON(parsing: deep(64)) }
        #expect(throws: JSONError.self) { try JSON(parsing: deep(65)) }
        #expect(throws: JSONError.self) { try JSON(parsing: deep(1_000_000)) }
    }
}

@Suite("Writing JSON")
struct JSONWriterTests {
    @Test(
        "text is written as Jackson writes it",
        arguments: [
            ("plain é 中", #""plain é 中""#), ("\"\\/", #""\"\\/""#), ("\n\r\t\u{8}\u{c}", #""\n\r\t\b\f""#),
            ("\u{1}\u{1f}", #""\u0001\u001F""#), ("🐟", #""\uD83D\uDC1F""#),
            ("\u{7f}\u{2028}<&'", "\"\u{7f}\u{2028}<&'\""),
        ])
    func text(_ text: String, _ expected: String) {
        #expect(JSON.string(text).compact == expected)
    }

    @Test("members keep their order, compact and indented")
    func order() {
        let document: JSON = ["b": [1, 2.0, nil], "a": ["x": true], "e": [], "o": .object([])]
        #expect(document.compact == #"{"b":[1,2.0,null],"a":{"x":true},"e":[],"o":{}}"#)
        #expect(
            String(decoding: (["b": [1], "a": []] as JSON).indented, as: UTF8.self) == """
                {
                  "b": [
                    1
                  ],
                  "a": []
                }

                """)
    }

    @Test("what stands within a text does not change how lines are broken")
    func indentedTexts() {
        let document: JSON = ["a,{\"": "x[1]: \\", "n": ["\\\"", [[], .object([])]]]
        #expect(
            String(decoding: document.indented, as: UTF8.self) == #"""
                {
                  "a,{\"": "x[1]: \\",
                  "n": [
                    "\\\"",
                    [
                      [],
                      {}
                    ]
                  ]
                }

                """#)
    }

    @Test("a number that JSON cannot hold is null", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(_ value: Double) {
        #expect(JSON(value) == .null)
        #expect(JSON.number(value).compact == "null")
    }

    @Test("what is written is read back as it was, whatever it holds")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let document = generator.document(depth: 4)
            #expect(try JSON(parsing: document.bytes) == document)
            #expect(try JSON(parsing: document.indented) == document)
        }
    }
}

extension SeededGenerator {
    fileprivate mutating func document(depth: Int) -> JSON {
        switch UInt8.random(in: 0..<(depth > 0 ? 7 : 5), using: &self) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &self))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &self))
        case 3: return .number(finite())
        case 4: return .string(text())
        case 5: return .array((0..<Int.random(in: 0..<4, using: &self)).map { _ in document(depth: depth - 1) })
        default:
            return .object(
                (0..<Int.random(in: 0..<4, using: &self)).map {
                    JSON.Member("\($0)" + text(), document(depth: depth - 1))
                })
        }
    }

    /// Any bit pattern that is a finite number.
    private mutating func finite() -> Double {
        let value = Double(bitPattern: next())
        return value.isFinite ? value : 0.5
    }

    private mutating func text() -> String {
        let scalars = (0..<Int.random(in: 0..<6, using: &self)).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self))
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
