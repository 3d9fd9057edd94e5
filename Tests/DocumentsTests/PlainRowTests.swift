import SeededTesting
import Testing

@testable import Documents

@Suite("Rows that are read without a tree")
struct PlainRowTests {
    @Test(
        "are the elements that a reader of all JSON finds, with its refusal at its place",
        arguments: [0, 0.02, 0.1, 0.3])
    func sameAsTree(oddness: Double) throws {
        var (rows, plainCount) = (RandomRows(random: SeededGenerator(seed: 13)), 0)
        for _ in 0..<1500 {
            let text = rows.array(oddness: oddness)
            // Small enough to be met now and then.
            let bytesMax = 150
            var expected = JSONElements(of: text, elementBytesMax: bytesMax)
            var given = JSONElements(of: text, elementBytesMax: bytesMax)
            var row = PlainRow(RandomRows.wanted)
            while true {
                let one = result { () throws(JSONError) in try expected.next() }
                guard let range = given.nextPlain(&row) else {
                    let other = result { () throws(JSONError) in try given.next() }
                    try #require(one == other, "\(shown(text))")
                    guard case .success(_?) = one else { break }
                    continue
                }
                plainCount += 1
                let value = try one.get()
                try #require(try JSON(parsing: text[range]) == value, "\(shown(text))")
                for (place, name) in RandomRows.wanted.enumerated() {
                    try #require(json(row[place], in: text) == value?[name], "\(name) of \(shown(text))")
                }
            }
        }
        #expect(plainCount > 100)
    }

    private func result<Value>(_ body: () throws(JSONError) -> Value) -> Result<Value, JSONError> {
        do throws(JSONError) { return .success(try body()) } catch { return .failure(error) }
    }

    private func shown(_ text: [UInt8]) -> String { String(decoding: text, as: UTF8.self) }

    private func json(_ value: PlainRow.Value, in text: [UInt8]) -> JSON? {
        switch value.kind {
        case .missing: nil
        case .null: .null
        case .no: false
        case .yes: true
        case .integer: Int64(String(decoding: text[value.range], as: UTF8.self)).map(JSON.integer)
        case .number: .number(value.number)
        case .text: .string(String(decoding: text[value.range], as: UTF8.self))
        case .object: try? JSON(parsing: text[value.range])
        }
    }

    @Test(
        "are all that programs write",
        arguments: [
            "{}", #"{"Length":95,"Höhe":18.25,"Species":"salmon"}"#,
            #"{ "Length" : -1e-3 , "Species" : "Dorsch äöü 🐟" }"#,
            #"{"Length":null,"id":true,"Species":false}"#,
            #"{"Note":"with \"escapes\"","Length":1,"More":[1,{"a":2}]}"#,
            "{\n  \"Length\": 1,\n  \"Other\": {}\n}", #"{"Length":12345678901234567890123}"#,
        ])
    func plain(_ text: String) {
        var row = PlainRow(RandomRows.wanted)
        let bytes = Array(text.utf8)
        // The second time the names are known.
        for _ in 0..<2 { #expect(row.read(bytes, from: 0, upTo: bytes.count, depth: 1) == bytes.count) }
    }

    @Test(
        "have an object under the one name where it may stand, and nowhere else",
        arguments: [
            (#"{"Length":1,"In":{"a":2.5,"b":"x","c":[1]},"id":"y"}"#, true), (#"{"In":{}}"#, true),
            (#"{"In":null}"#, true), (#"{"In":7}"#, true), (#"{"In":{"a":{}}}"#, false),
            (#"{"In":{"a":1,"a":2}}"#, false),
            (#"{"In":{"a":1}"#, false), (#"{"In":{"a":1]}"#, false), (#"{"Length":{}}"#, false), (#"{"In":[]}"#, false),
        ])
    func object(_ text: String, isPlain: Bool) throws {
        var row = PlainRow(["Length", "In"], object: (1, ["a", "b"]))
        let bytes = Array(text.utf8)
        // The second time the names are known.
        for _ in 0..<2 {
            let end = row.read(bytes, from: 0, upTo: bytes.count, depth: 0)
            #expect(end == (isPlain ? bytes.count : nil))
            guard isPlain else { continue }
            let expected = try JSON(parsing: bytes)["In"]
            #expect(json(row[1], in: bytes) == expected)
            guard case .object = row[1].kind else { continue }
            var (values, inner) = ([PlainRow.Value(), .init()], [PlainRow.Value(), .init()])
            row.exchange(&values, inner: &inner)
            #expect(json(values[1], in: bytes) == expected)
            #expect(inner.map { json($0, in: bytes) } == ["a", "b"].map { expected?[$0] })
        }
    }

    @Test("are read whatever names come, again and again, and however many")
    func everNewNames() {
        var row = PlainRow(RandomRows.wanted)
        for number in 0..<3000 {
            let kinds = [
                #"{"Length":\#(number),"id":"a"}"#, #"{"id":"a","Length":\#(number)}"#,
                #"{"new\#(number)":0,"Length":\#(number)}"#,
            ]
            for text in kinds {
                let bytes = Array(text.utf8)
                #expect(row.read(bytes, from: 0, upTo: bytes.count, depth: 0) == bytes.count)
                #expect(row[0].double == Double(number))
            }
            let twice = Array(#"{"new\#(number)":0,"id":"a","new\#(number)":1}"#.utf8)
            #expect(row.read(twice, from: 0, upTo: twice.count, depth: 0) == nil)
        }
    }

    @Test("of a row that lacks a name nothing is left from the row before")
    func nothingLeft() {
        var row = PlainRow(RandomRows.wanted)
        for (text, expected) in [(#"{"Length":1,"id":"a"}"#, 1.0), (#"{"id":"b"}"#, nil), ("{}", nil)] {
            let bytes = Array(text.utf8)
            #expect(row.read(bytes, from: 0, upTo: bytes.count, depth: 0) != nil)
            #expect(row[0].double == expected && row[2].isText == text.contains("id"))
        }
    }
}

@Suite("Numbers that are read from bytes")
struct ScannedNumberTests {
    private func scanned(_ text: String) -> ScannedNumber? { ScannedNumber(text.utf8.span, from: 0) }

    private func expectSame(_ text: String) throws {
        let scanned = try #require(self.scanned(text), "\(text)")
        #expect(scanned.end == text.utf8.count, "\(text)")
        if let value = scanned.value {
            #expect(value.bitPattern == Double(text)?.bitPattern, "\(text) is read as \(value)")
        }
        #expect(scanned.integer == (text == "-0" ? nil : Int64(text)), "\(text)")
    }

    @Test("are those that Swift reads from a text, to the last bit")
    func same() throws {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<10_000 {
            let digits = String(
                (0..<Int.random(in: 1...21, using: &random)).map { _ in "0123456789".randomElement(using: &random)! })
            let fraction = Bool.random(using: &random) ? ".\(UInt64.random(in: 0...99_999_999, using: &random))" : ""
            let power = Bool.random(using: &random) ? "e\(Int.random(in: -40...40, using: &random))" : ""
            let whole = digits.drop { $0 == "0" }
            try expectSame((Bool.random(using: &random) ? "-" : "") + (whole.isEmpty ? "0" : whole) + fraction + power)
        }
        for _ in 0..<10_000 {
            try expectSame(
                "\(Double(bitPattern: random.next() & 0x7FFF_FFFF_FFFF_FFFF | 0x3000_0000_0000_0000).javaPlain)")
        }
    }

    @Test(
        "are worked out here where they are of ordinary size",
        arguments: [
            "4.924912345678901", "0.30000000000000004", "1234567890123456789", "0", "-0", "0.000", "1e22", "95.5",
        ])
    func ordinary(_ text: String) throws {
        #expect(scanned(text)?.value == Double(text))
    }

    @Test(
        "half-way between two doubles go to the even one",
        arguments: [
            "9007199254740993", "9007199254740995", "9007199254740993.0", "4503599627370496.5", "4503599627370497.5",
        ])
    func halfWay(_ text: String) throws { try expectSame(text) }

    @Test(
        "are none where JSON knows none", arguments: ["", "-", "01", "-01", "1.", ".5", "1e", "1e+", "+1", "a", "1.e5"])
    func none(_ text: String) { #expect(scanned(text) == nil) }
}

extension Double {
    /// The shortest digits, which JSON reads too.
    fileprivate var javaPlain: String { isFinite ? description.replacing("+", with: "") : "0.0" }
}

@Suite("Texts that are known by a number")
struct TextTableTests {
    @Test("have the number with which they first came, however many there are")
    func numbers() {
        var table = TextTable(countMax: 1000)
        let texts = (0..<1000).map { "level \($0 * $0)" }
        for _ in 0..<2 { #expect(texts.map { number(of: $0, in: &table) } == Array(0..<1000)) }
        #expect(number(of: "one more", in: &table) == nil)
        #expect(number(of: texts[7], in: &table) == 7)
        table.removeAll()
        #expect(number(of: texts[7], in: &table) == 0)
        #expect(table.count == 1)
    }

    private func number(of text: String, in table: inout TextTable) -> Int? { table.number(of: text.utf8.span) }

    @Test("are told apart by each byte", arguments: ["", "a", "ab", "abcdefgh", "abcdefghi", "zwölf"])
    func apart(_ text: String) {
        var table = TextTable(countMax: 4)
        #expect(number(of: text, in: &table) == 0)
        #expect(number(of: "\(text)\0", in: &table) == 1)
    }
}
