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
}
