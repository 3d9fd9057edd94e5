import CMongoC
import Documents
import ModelService

@testable import Program
@testable import Storage

extension FuzzTarget {
    static let bson = FuzzTarget(
        name: "bson",
        promise:
            "BSON of any bytes is read as a row and as a document that is followed; JSON becomes BSON and is read back",
        seeds: {
            let documents: [JSON] = [
                ["_id": 7, "Fish_Id": "3", "Species": "salmon", "Length": 95.5, "Height": 18, "ActualWeight": nil],
                ["a": [["b": true], 1.5, "\u{1F41F}"], "Timestamp": "2021-06-09T13:39:27.971Z"], [:],
            ]
            let extended = [
                #"{"_id":{"$oid":"60b73ae4c2a9f21b3c4d5e6f"},"Timestamp":{"$date":{"$numberLong":"1622620132137"}}}"#,
                #"{"Length":{"$numberDecimal":"95.50"},"b":{"$binary":{"base64":"AA==","subType":"00"}}}"#,
                // A field may have a name as only extended JSON gives them (libFuzzer, the decimal "$timestamp…").
                #"{"$field":{"$numberDecimal":"0"},"Length":95.5}"#,
                #"{"_id":{"$code":"a"}}"#,
            ]
            return try documents.map { raw(BSONDocument($0)) }
                + extended.map { raw(try BSONDocument(extendedJSON: $0)) }
                + documents.map(\.bytes)
        },
        words: [
            "\u{1}Length\0", "\u{2}Species\0", "\u{7}_id\0", "\u{9}Timestamp\0", "\u{10}Fish_Id\0", "\u{12}a\0",
            "\u{13}Height\0", "\u{3}a\0", "\u{4}b\0",
        ],
        check: { input in
            MongoLibrary.start
            if let document = try? JSON(parsing: input), document.members != nil { try checkWritten(document) }
            try checkRead(input)
        })

    /// - Parameter document: with names that BSON can have.
    private static func checkWritten(_ document: JSON) throws {
        guard hasPlainNames(document) else { return }
        let read = unsafe BSONDocument(document).withPointer { unsafe BSONDocument.extendedJSON($0) }
        guard let read else { throw BrokenPromise(description: "\(document.compact) is not read back") }
        let plain = ExtendedJSON.plain(try JSON(parsing: read, repeatedNames: .lastWins))
        try hold(plain == document, "\(document.compact) is read back as \(plain.compact)")
    }

    /// Whether no name ends at a zero, and none begins as extended JSON does.
    private static func hasPlainNames(_ value: JSON) -> Bool {
        switch value {
        case .array(let elements): elements.allSatisfy(hasPlainNames)
        case .object(let members):
            members.allSatisfy { !$0.name.hasPrefix("$") && !$0.name.utf8.contains(0) && hasPlainNames($0.value) }
        default: true
        }
    }

    private static func checkRead(_ input: [UInt8]) throws {
        // The size in front and the zero behind are made to fit: libmongoc hands out no other.
        guard input.count >= 5 else { return }
        let count = UInt32(input.count)
        let framed = (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + input[4..<input.count - 1] + [0]
        guard let pointer = unsafe bson_new_from_data(framed, framed.count) else { return }
        let document = unsafe BSONDocument(adopting: pointer)
        var rows = NewestRows(capacity: 1)
        var reader = BSONRowReader(.builtIn)
        for _ in 0..<2 { reader.read(BSONElements(of: document), into: &rows) }
        try hold(rows.rows[0] == rows.rows[1], "a row is read as \(rows.rows)")
        let found = unsafe document.withPointer { unsafe FeedDocument($0, of: "c") }
        let values = (found.fields.members ?? []).map(\.value)
        try hold(found.problem != nil || values.map(ExtendedJSON.plain) == values, "\(found) is not plain")
        // The next look for documents goes on from there.
        let identifier = try BSONDocument(extendedJSON: #"{"_id":"# + found.identifier + "}")
        let again = unsafe identifier.withPointer { unsafe FeedDocument($0, of: "c") }
        let expected = withoutCodeBehindZeros(try JSON(parsing: found.identifier, repeatedNames: .lastWins)).compact
        try hold(again.identifier == expected, "\(found.identifier) is read back as \(again.identifier)")
    }

    /// libbson reads code only so far (libFuzzer, `{"$code":"\u0000i"}`), and so the next look begins a little earlier.
    private static func withoutCodeBehindZeros(_ value: JSON) -> JSON {
        switch value {
        case .array(let elements): .array(elements.map(withoutCodeBehindZeros))
        case .object(let members):
            .object(
                members.map { member in
                    guard member.name == "$code", let code = member.value.text else {
                        return JSON.Member(member.name, withoutCodeBehindZeros(member.value))
                    }
                    let upToZero = String(decoding: code.utf8.prefix { $0 != 0 }, as: UTF8.self)
                    return JSON.Member(member.name, .string(upToZero))
                })
        default: value
        }
    }

    private static func raw(_ document: BSONDocument) -> [UInt8] {
        unsafe document.withPointer { document in
            guard let start = unsafe bson_get_data(document) else { return [] }
            let count = (0..<4).reduce(0) { unsafe $0 | Int(start[$1]) << (8 * $1) }
            return unsafe Array(UnsafeBufferPointer(start: start, count: count))
        }
    }
}
