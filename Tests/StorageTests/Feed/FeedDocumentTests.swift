import CMongoC
import Documents
import Testing

@testable import Storage

@Suite("A document of a feed")
struct FeedDocumentTests {
    @Test("a document keeps its _id apart from its fields")
    func document() throws {
        let document = FeedDocument(
            try JSON(parsing: #"{"_id":{"$numberInt":"7"},"Weight":{"$numberDouble":"4.0"}}"#), of: "weights")
        #expect(document.identifier == #"{"$numberInt":"7"}"# && document.creation == nil)
        #expect(document.fields == ["Weight": 4.0])
    }

    @Test(
        "a decimal whose bits say more than 34 digits stands for zero, as IEEE 754 says",
        arguments: [
            ("1.0368369274914781128793664067207175E-2303", "0", 0.0),
            (
                "0.0001234567890123456789012345678901234", "0.0001234567890123456789012345678901234",
                0.00012345678901234567
            ),
            ("1234567890123456789012345678901234", "1234567890123456789012345678901234", 1.2345678901234568e33),
        ])
    func decimal(written: String, identifier: String, value: Double) throws {
        let document = FeedDocument(
            try JSON(
                parsing: #"{"_id":{"a":{"$numberDecimal":"\#(written)"}},"Weight":{"$numberDecimal":"\#(written)"}}"#),
            of: "weights")
        #expect(document.identifier == #"{"a":{"$numberDecimal":"\#(identifier)"}}"#)
        #expect(document.fields["Weight"]?.double == value)
    }

    @Test("code with a zero in its _id is known by all of it, and the next look begins before it, never behind it")
    func code() throws {
        let code: [UInt8] = [0x61, 0, 0x62]
        let body: [UInt8] = [0x0D] + Array("_id\0".utf8) + [4, 0, 0, 0] + code + [0, 0]
        let bytes = [UInt8(body.count + 4), 0, 0, 0] + body
        let pointer = unsafe try #require(bson_new_from_data(bytes, bytes.count))
        let found = unsafe BSONDocument(adopting: pointer).withPointer { unsafe FeedDocument($0, of: "weights") }
        #expect(found.identifier == #"{"$code":"a\u0000b"}"#)
        let start = try BSONDocument(extendedJSON: #"{"_id":\#(found.identifier)}"#)
        let read = unsafe start.withPointer { unsafe BSONDocument.extendedJSON($0) }
        #expect(read == #"{ "_id" : { "$code" : "a" } }"#)
    }
}
