import SeededTesting
import Testing

@testable import Documents

@Suite("What is written as JSON without a tree")
struct JSONTextTests {
    private func text(_ number: Double) -> String {
        var bytes: [UInt8] = []
        bytes.append(jsonNumber: number)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a number of few places has the text that Java gives it")
    func fewPlaces() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let count = Double(Int64.random(in: -99_999_999_999...99_999_999_999, using: &random))
            let value = count / [1.0, 10, 100, 1000, 10_000, 1e7].randomElement(using: &random)!
            try #require(text(value) == value.javaText)
            try #require(text(value.nextUp) == value.nextUp.javaText)
        }
    }

    @Test("a number of many places has the text that Java gives it, the fewest digits that are read as it")
    func manyPlaces() throws {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<20_000 {
            let exponent = UInt64.random(in: 1010...1050, using: &random)
            let significand = UInt64.random(in: 0..<1 << 52, using: &random)
            // With fewer and fewer digits of two, so that some lie in the middle between two decimals.
            let cut = UInt64.random(in: 0...52, using: &random)
            let value = Double(bitPattern: exponent << 52 | ((significand >> cut) << cut))
            try #require(text(value) == value.javaText)
        }
        for exponent in -12...25 {
            let power = Double(sign: .plus, exponent: exponent, significand: 1)
            for value in [power, power.nextUp, power.nextDown] { try #require(text(value) == value.javaText) }
        }
    }

    @Test(
        "a number at an edge has the text that Java gives it",
        arguments: [
            0, -0.0, 0.001, 0.0009999999999999998, 0.0010000000000000002, 9_999_999.999, 9_999_999.9995, 1e7, -1e7, 0.1,
            0.30000000000000004, 1, 100, 1e22, 1e-300,
        ])
    func edges(_ value: Double) {
        #expect(text(value) == value.javaText)
        #expect(text(-value) == (-value).javaText)
    }

    @Test("what is no number is null", arguments: [Double.nan, .infinity, -.infinity])
    func none(_ value: Double) { #expect(text(value) == "null") }

    @Test("a character that is written as an escape is seen at every place of a text", arguments: 0...20)
    func escapes(length: Int) {
        let escapes = [
            "\"": "\\\"", "\\": "\\\\", "\u{1F}": "\\u001F", "\u{0}": "\\u0000", "\u{1F41F}": "\\uD83D\\uDC1F",
        ]
        let plain = ["!", "#", "[", "]", " ", "\u{7F}", "\u{E9}", "\u{FFFD}"]
        for place in 0...length {
            for (character, escape) in escapes.merging(plain.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
            {
                let (before, behind) = (
                    String(repeating: "a", count: place), String(repeating: "\u{FF}", count: length - place)
                )
                #expect(JSON.string(before + character + behind).compact == "\"\(before)\(escape)\(behind)\"")
            }
        }
    }

    @Test("an object that is written by its members has the text of its tree")
    func object() {
        var object = ObjectText()
        object.add("a\"b", "ä\u{1F41F}\n")
        object.add("", nil as String?)
        object.add("n", 1.25)
        object.add("none", nil as Double?)
        object.addObject(MemberName("inner")) { $0.add("x", Double.nan) }
        object.addObject(MemberName("empty")) { _ in }
        let tree: JSON = [
            "a\"b": "ä\u{1F41F}\n", "": nil, "n": 1.25, "none": nil, "inner": ["x": nil], "empty": [:],
        ]
        #expect(object.closed == tree.bytes)
        #expect(ObjectText().closed == JSON.object([]).bytes)
    }

    @Test("a name that is worked out once stands there as the same name does otherwise, first or not")
    func memberName() {
        for text in ["a", "", "a\"b", "ä\u{1F41F}\n"] {
            let name = MemberName(text)
            #expect(name.text == text)
            var (object, expected) = (ObjectText(), ObjectText())
            for _ in 0..<2 {
                object.add(name, 1.5)
                object.add(name, nil as Double?)
                object.add(name, "b")
                object.add(name, nil as String?)
                expected.add(text, 1.5)
                expected.add(text, nil as Double?)
                expected.add(text, "b")
                expected.add(text, nil as String?)
            }
            #expect(object.closed == expected.closed)
        }
    }

    @Test("a whole number has its digits", arguments: [0, 9, 10, 99, 1_000_000, 999_999_999_999_999_999, .max])
    func whole(_ value: Int) {
        var bytes: [UInt8] = []
        bytes.append(whole: value)
        #expect(bytes == Array(value.description.utf8))
    }
}
