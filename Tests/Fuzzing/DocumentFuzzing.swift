import Documents
import Foundation

extension FuzzTarget {
    static let json = FuzzTarget(
        name: "json",
        promise: "what is read is written and read again to the byte; elements one by one are those of the whole; "
            + "Foundation reads the same texts",
        seeds: {
            bytes([
                #"{"Fish_Id":"3","Length":95.5,"Height":-0,"Weight":null,"Timestamp":"2021-06-09T13:39:27.971Z"}"#,
                #"[1,-2.5e-3,1E7,0.1,9223372036854775807,9223372036854775808,4.9e-324,"\u00e4\ud83d\udc1f\n\"\\\/"]"#,
                #"{"a":{"a":[[[]],{}]},"b":true,"c":false}"#, " [ ] ", "\"\u{E4}\u{1F41F}\"", "-0.0", "1e400", "[1,]",
            ])
        },
        words: ["true", "false", "null", "\\u", "\\ud83d\\udc1f", "e-", "1.0E7", "{\"a\":", "[[[[", "]]]]"],
        check: checkJSON)

    private static func checkJSON(_ input: [UInt8]) throws {
        let lenient = try? JSON(parsing: input, repeatedNames: .lastWins)
        let strict = try? JSON(parsing: input)
        try checkElements(input, strict)
        guard let document = lenient else { return try hold(strict == nil, "only the strict reader accepts it") }
        if let strict { try hold(strict == document, "the readers differ: \(strict) and \(document)") }
        for text in [document.bytes, document.indented] {
            let again = try JSON(parsing: text)
            try hold(again.bytes == document.bytes, "\(document.compact) is read again as \(again.compact)")
        }
        if strict != nil { try checkFoundation(input, document) }
    }

    private static func checkElements(_ input: [UInt8], _ document: JSON?) throws {
        var elements = JSONElements(of: input, elementBytesMax: max(1, input.count))
        var read: [JSON] = []
        let isWhole: Bool
        do throws(JSONError) {
            while let element = try elements.next() { read.append(element) }
            isWhole = true
        } catch {
            isWhole = false
        }
        try hold((isWhole ? read : nil) == document?.elements, "one by one: \(read), whole: \(isWhole)")
    }

    private static func checkFoundation(_ input: [UInt8], _ document: JSON) throws {
        let read = try JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)
        try hold(isSame(document, read), "\(document.compact) is \(read) to Foundation")
    }

    private static func isSame(_ ours: JSON, _ other: Any) -> Bool {
        switch (ours, other) {
        case (.null, is NSNull): true
        case (.bool(let value), let other as Bool): value == other
        case (.integer(let value), let other as NSNumber): other.int64Value == value
        // Foundation rounds at each of many digits (libFuzzer, 1.58…e114); the target `values` compares with C.
        case (.number(let value), let other as NSNumber):
            abs(other.doubleValue - value) <= 1e-13 * abs(value)
        case (.string(let text), let other as String): Array(text.utf8) == Array(other.utf8)
        case (.array(let elements), let other as [Any]):
            elements.count == other.count && zip(elements, other).allSatisfy(isSame)
        case (.object(let members), let other as [String: Any]):
            members.allSatisfy { member in other[member.name].map { isSame(member.value, $0) } ?? false }
        default: false
        }
    }
}

// MARK: - Small forms

extension FuzzTarget {
    static let values = FuzzTarget(
        name: "values",
        promise: "times, numbers and extended JSON that are read are written and read again alike, and numbers are C's",
        seeds: {
            bytes([
                "2021-06-09T13:39:27.971Z", "2021-06-09 13:39+02:00", "0000-01-01T00:00:00Z",
                "9999-12-31T23:59:59,9999-0130",
                "95.5", "-1e-7", "0.1", "123456789012345678901234567890e-12", "4.9e-324",
                #"{"$date":{"$numberLong":"1622620132137"}}"#, #"{"a":[{"$oid":"60b73ae4"},{"$numberDouble":"NaN"}]}"#,
            ])
        },
        words: ["T", "Z", "+02:00", ".971", "1e", "$date", "$numberLong", "$numberDouble", "$oid", "Infinity"],
        check: { input in
            let text = String(decoding: input, as: UTF8.self)
            if let time = Timestamp(text) {
                try hold(Timestamp(time.description) == time, "'\(text)' is \(time), and that another time")
                try hold(time.description.utf8.count == 24, "'\(text)' is \(time)")
            }
            guard let document = try? JSON(parsing: input) else { return }
            let plain = ExtendedJSON.plain(document)
            try hold(ExtendedJSON.plain(plain) == plain, "\(plain.compact) is not plain")
            _ = ExtendedJSON.creation(ofIdentifier: document)
            if let number = document.double {
                let c = unsafe strtod(text, nil)
                try hold(number == c, "'\(text)' is \(number) and in C \(c)")
                try hold(Double(number.javaText) == number, "\(number) is written as \(number.javaText)")
                try hold(unsafe strtod(number.hexText, nil) == number, "\(number) is written as \(number.hexText)")
            }
        })
}
