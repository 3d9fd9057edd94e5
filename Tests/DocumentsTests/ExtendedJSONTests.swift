import Testing

@testable import Documents

@Suite("Extended JSON")
struct ExtendedJSONTests {
    @Test(
        "values that JSON does not know become plain ones",
        arguments: [
            (#"{"$numberInt":"5"}"#, "5"), (#"{"$numberLong":"-9007199254740993"}"#, "-9007199254740993"),
            (#"{"$numberDouble":"4.17"}"#, "4.17"), (#"{"$numberDouble":"NaN"}"#, #""NaN""#),
            (#"{"$numberDouble":"-Infinity"}"#, #""-Infinity""#), (#"{"$numberDecimal":"4.170"}"#, "4.17"),
            (#"{"$date":{"$numberLong":"1623246867971"}}"#, #""2021-06-09T13:54:27.971Z""#),
            (#"{"$date":{"$numberLong":"-1"}}"#, #""1969-12-31T23:59:59.999Z""#),
            (#"{"$date":"2021-06-09T15:54:27.971+02:00"}"#, #""2021-06-09T13:54:27.971Z""#),
            (#"{"$date":"noon"}"#, #""noon""#), (#"{"$date":1623246867971}"#, #""2021-06-09T13:54:27.971Z""#),
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

    @Test("one that has a plain form is told from one that has none, and from plain values")
    func scalars() throws {
        func scalar(_ text: String) throws -> ExtendedJSON.Scalar? { try ExtendedJSON.scalar(JSON(parsing: text)) }
        #expect(try scalar(#"{"$numberDouble":"-Infinity"}"#) == .number(-.infinity))
        #expect(try scalar(#"{"$date":{"$numberLong":"0"}}"#) == .time(Timestamp(milliseconds: 0)))
        #expect(try scalar(#"{"$numberLong":"much"}"#) == .other)
        #expect(try scalar(#"{"Weight":"5"}"#) == nil)
        #expect(try scalar("5") == nil)
    }
}

@Suite("Names of fields")
struct FieldNamesTests {
    private static let members = [
        JSON.Member("length", 1), JSON.Member("Length", 2), JSON.Member("Width", 3), JSON.Member("LENGTH", 4),
        JSON.Member("lengTH", 5),
    ]

    @Test(
        "a field is found as it is spelled, or in any case with the upper-case spelling first",
        arguments: [
            (FieldNames.exact, "Length", 2), (.exact, "WIDTH", nil), (.anyCase, "Length", 4), (.anyCase, "width", 3),
            (.anyCase, "Height", nil),
        ] as [(FieldNames, String, Int64?)])
    func found(_ names: FieldNames, _ name: String, _ expected: Int64?) {
        #expect(names.value(name, in: Self.members)?.integer == expected)
    }
}
