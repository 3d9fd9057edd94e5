import Testing

@testable import EventProcessing

@Suite("Envelopes of the MongoDB source connector")
struct ChangeEnvelopeTests {
    private func unwrap(_ value: String, key: String? = "7") throws -> ChangeEnvelope.Content? {
        try ChangeEnvelope.unwrap(key: key.map { Array($0.utf8) }, value: Array(value.utf8), identifier: "Fish_Id")
    }

    private func document(_ key: String, _ value: String) -> ChangeEnvelope.Content {
        .document(key: Array(key.utf8), value: Array(value.utf8))
    }

    @Test("a plain record is none")
    func plain() throws {
        #expect(try unwrap(#"{"Fish_Id":"8","Weight":4.5}"#) == nil)
        #expect(try unwrap("{broken") == nil)
    }

    @Test(
        "the document is found whichever way it is wrapped",
        arguments: [
            #"{"operationType":"insert","fullDocument":{"Fish_Id":"8","Weight":4.5}}"#,
            #"{"operationType":"insert","fullDocument":"{\"Fish_Id\":\"8\",\"Weight\":4.5}"}"#,
            #""{\"Fish_Id\":\"8\",\"Weight\":4.5}""#,
            #""{\"operationType\":\"insert\",\"fullDocument\":{\"Fish_Id\":\"8\",\"Weight\":4.5}}""#,
            #"{"operationType":"insert","fullDocument":{"Fish_Id":"8","Weight":{"$numberDouble":"4.5"}}}"#,
        ])
    func wrapped(_ value: String) throws {
        #expect(try unwrap(value) == document("8", #"{"Fish_Id":"8","Weight":4.5}"#))
    }

    @Test("the subject stands in the document in any case, else in a key that is plain text")
    func subject() throws {
        let key = #"{"_id":{"$oid":"60c0"}}"#
        #expect(try unwrap(#"{"FISH_ID":8,"WEIGHT":4.5}"#, key: key) == document("8", #"{"FISH_ID":8,"WEIGHT":4.5}"#))
        #expect(
            try unwrap(#"{"operationType":"insert","fullDocument":{"Weight":4}}"#) == document("7", #"{"Weight":4}"#))
        #expect(throws: RecordProblem.self) { try unwrap(#"{"Weight":4.5}"#, key: key) }
    }

    @Test("numbers and dates of extended JSON become plain")
    func extended() throws {
        let value =
            #"{"fullDocument":{"Fish_Id":{"$numberInt":"8"},"Count":{"$numberLong":"5"},"#
            + #""At":{"$date":{"$numberLong":"0"}},"_id":{"$oid":"60c0"}}}"#
        let plain = #"{"Fish_Id":8,"Count":5,"At":"1970-01-01T00:00:00.000Z","_id":"60c0"}"#
        #expect(try unwrap(value) == document("8", plain))
    }

    @Test(
        "a document whose first name begins with $ is a document, and none of its values is lost",
        arguments: [
            (#"{"$note":"x","Fish_Id":"8"}"#, #"{"$note":"x","Fish_Id":"8"}"#),
            (#"{"$numberDecimal":"4.7"}"#, #"{"$numberDecimal":"4.7"}"#),
        ])
    func dollar(_ full: String, _ plain: String) throws {
        let subject = full.contains("Fish_Id") ? "8" : "7"
        #expect(try unwrap(#"{"fullDocument":\#(full)}"#) == document(subject, plain))
    }

    @Test("a deletion asks for nothing, and a change without its document is refused")
    func withoutDocument() throws {
        #expect(try unwrap(#"{"operationType":"delete","documentKey":{"_id":1}}"#) == .nothing)
        #expect(throws: RecordProblem.self) { try unwrap(#"{"operationType":"update","documentKey":{"_id":1}}"#) }
        #expect(throws: RecordProblem.self) { try unwrap(#""no JSON""#) }
    }
}
