import Documents
import Testing

@testable import Storage

@Suite("Extended JSON and what a feed remembers")
struct ExtendedJSONTests {
    @Test(
        "values that JSON does not know become plain ones",
        arguments: [
            (#"{"$numberInt":"5"}"#, "5"), (#"{"$numberLong":"-9007199254740993"}"#, "-9007199254740993"),
            (#"{"$numberDouble":"4.17"}"#, "4.17"), (#"{"$numberDouble":"NaN"}"#, #""NaN""#),
            (#"{"$numberDouble":"-Infinity"}"#, #""-Infinity""#), (#"{"$numberDecimal":"4.170"}"#, "4.17"),
            (#"{"$date":{"$numberLong":"1623246867971"}}"#, #""2021-06-09T13:54:27.971Z""#),
            (#"{"$date":{"$numberLong":"-1"}}"#, "null"),
            (#"{"$date":{"$numberLong":"9223372036854775807"}}"#, "null"),
            (#"{"$oid":"6b014164393060b34685b74a"}"#, #""6b014164393060b34685b74a""#),
            (#"{"$binary":{"base64":"","subType":"00"}}"#, "null"), (#"{"$undefined":true}"#, "null"),
            (#"{"$timestamp":{"t":1,"i":2}}"#, "null"), (#"{"$code":"x","$scope":{}}"#, "null"),
            (#"{"a":[{"$numberInt":"1"},{"b":{"$numberInt":"2"}}]}"#, #"{"a":[1,{"b":2}]}"#),
            (#"{}"#, "{}"), (#"{"cost":"5 $"}"#, #"{"cost":"5 $"}"#),
        ])
    func plain(_ extended: String, _ plain: String) throws {
        #expect(try ExtendedJSON.plain(JSON(parsing: extended)).compact == plain)
    }

    @Test("an object id says when it was made; another kind of _id does not")
    func creation() {
        #expect(
            ExtendedJSON.creation(ofIdentifier: ["$oid": "60c0c953393060b34685b74a"])?.description
                == "2021-06-09T13:59:47.000Z")
        #expect(ExtendedJSON.creation(ofIdentifier: "60c0c953393060b34685b74a") == nil)
    }

    @Test("a document keeps its _id apart from its fields")
    func document() throws {
        let document = FeedDocument(
            try JSON(parsing: #"{"_id":{"$numberInt":"7"},"Weight":{"$numberDouble":"4.0"}}"#), of: "weights")
        #expect(document.identifier == #"{"$numberInt":"7"}"# && document.creation == nil)
        #expect(document.fields == ["Weight": 4.0])
    }
}
