import Documents
import ModelService
import Regression
import Specification
import Testing

private let fish = ObservationFixture.fish
private let complete = ObservationFixture.complete

@Suite struct ObservationDocumentTests {
    @Test("a document has the specification's names in the specification's order")
    func order() {
        #expect(complete.document(fish).compact == ObservationFixture.completeText)
    }

    @Test("what is missing is null, but a missing identifier is left out")
    func missing() {
        let row = Observation(level: nil, predictors: [nil, 1], actual: nil, timestamp: nil)
        #expect(
            row.document(fish).compact == """
                {"Species":null,"Length":null,"Height":1.0,"PredictedWeight":null,"ActualWeight":null,"Error":null,\
                "ModelTime":null,"Timestamp":null}
                """)
    }

    @Test("a document that was written is read back as the same observation, strictly and leniently")
    func roundTrip() throws {
        let document = complete.document(fish)
        #expect(try Observation(document: document, rule: RowRule(fish)) == complete)
        #expect(Observation(row: document, specification: fish) == complete)
    }

    @Test(
        "what a row can do without may be missing or null",
        arguments: ["Fish_Id", "PredictedWeight", "Error", "ModelTime"], [nil, JSON.null])
    func optional(field: String, value: JSON?) throws {
        let read = try Observation(document: ObservationFixture.document(field, value), rule: RowRule(fish))
        #expect(read.document(fish)[field] ?? .null == .null)
        #expect(read.actual == complete.actual)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let field: String
        let value: JSON?
        let given: String
        let accepted: String
        var testDescription: String { "\(field) \(value?.compact ?? "missing")" }
    }

    static let length = fish.predictors[0].accepted
    static let weight = fish.response.accepted
    static let anyTime = "a time such as 2021-06-09T13:39:27.971Z or a whole number of milliseconds since 1970"
    static let refusals: [Refusal] = [
        Refusal(field: "Species", value: nil, given: "nothing", accepted: fish.factor!.accepted),
        Refusal(field: "Species", value: .null, given: "null", accepted: fish.factor!.accepted),
        Refusal(field: "Species", value: "", given: #""" (a string)"#, accepted: fish.factor!.accepted),
        Refusal(field: "Species", value: 5, given: "5 (a number)", accepted: fish.factor!.accepted),
        Refusal(
            field: "Species", value: "a seventeen bytes", given: #""a seventeen bytes" (a string)"#,
            accepted: fish.factor!.accepted),
        Refusal(field: "Length", value: nil, given: "nothing", accepted: length),
        Refusal(field: "Length", value: "95", given: #""95" (a string)"#, accepted: length),
        Refusal(field: "Height", value: true, given: "true (a boolean)", accepted: length),
        Refusal(field: "Height", value: .number(.infinity), given: "null (a number)", accepted: length),
        Refusal(field: "ActualWeight", value: .null, given: "null", accepted: weight),
        Refusal(field: "ActualWeight", value: [1], given: "[1] (an array)", accepted: weight),
        Refusal(field: "Length", value: 0, given: "0 (a number)", accepted: length),
        Refusal(field: "Length", value: -95, given: "-95 (a number)", accepted: length),
        Refusal(field: "Height", value: 1000.5, given: "1000.5 (a number)", accepted: length),
        Refusal(field: "ActualWeight", value: 0, given: "0 (a number)", accepted: weight),
        Refusal(field: "ActualWeight", value: -1.5, given: "-1.5 (a number)", accepted: weight),
        Refusal(field: "ActualWeight", value: 1e308, given: "1.0E308 (a number)", accepted: weight),
        Refusal(field: "ActualWeight", value: 1_000_001, given: "1000001 (a number)", accepted: weight),
        Refusal(
            field: "PredictedWeight", value: "NaN", given: #""NaN" (a string)"#, accepted: "a finite number or null"),
        Refusal(field: "Error", value: [:], given: "{} (an object)", accepted: "a finite number or null"),
        Refusal(
            field: "ModelTime", value: 1, given: "1 (a number)", accepted: "a string of up to 256 characters or null"),
        Refusal(
            field: "Fish_Id", value: 1.5, given: "1.5 (a number)",
            accepted: "a string of up to 256 characters or a whole number up to 9007199254740991"),
        Refusal(
            field: "Fish_Id", value: 9_007_199_254_740_992, given: "9007199254740992 (a number)",
            accepted: "a string of up to 256 characters or a whole number up to 9007199254740991"),
        Refusal(field: "Timestamp", value: nil, given: "nothing", accepted: anyTime),
        Refusal(field: "Timestamp", value: "yesterday", given: #""yesterday" (a string)"#, accepted: anyTime),
        Refusal(field: "Timestamp", value: 1.5, given: "1.5 (a number)", accepted: anyTime),
        Refusal(
            field: "Timestamp", value: 253_402_300_800_000, given: "253402300800000 (a number)", accepted: anyTime),
        Refusal(
            field: "Timestamp", value: "9999-12-31T23:59:59-02:00",
            given: #""9999-12-31T23:59:59-02:00" (a string)"#, accepted: anyTime),
    ]

    @Test("what does not fit is refused with the field, the value given and what is accepted", arguments: refusals)
    func refused(refusal: Refusal) throws {
        let problem = ObservationProblem(field: refusal.field, given: refusal.given, accepted: refusal.accepted)
        let document = try ObservationFixture.document(refusal.field, refusal.value)
        #expect(throws: problem) { try Observation(document: document, rule: RowRule(fish)) }
    }

    @Test("a long value is cut in the message, and the message is one sentence")
    func longValue() throws {
        let document = try ObservationFixture.document("Length", .string(String(repeating: "9", count: 5000)))
        let problem = #expect(throws: ObservationProblem.self) {
            try Observation(document: document, rule: RowRule(fish))
        }
        let nines = String(repeating: "9", count: 59)
        #expect(problem?.description == "Length: \"\(nines)… (a string) was given, \(Self.length) is accepted")
    }

    @Test("a document that is no object is refused", arguments: [JSON.null, [], "text", 5])
    func notAnObject(document: JSON) {
        #expect(throws: ObservationProblem.self) { try Observation(document: document, rule: RowRule(fish)) }
    }

    @Test("an identifier may be a whole number and an unknown member is ignored")
    func wholeIdentifier() throws {
        let members =
            (try ObservationFixture.document("Fish_Id", 101).members ?? []) + [.init("Key", "Key"), .init("_id", 5)]
        #expect(try Observation(document: .object(members), rule: RowRule(fish)) == complete)
    }

    @Test("an identifier of 256 characters is accepted, one more is refused")
    func longIdentifier() throws {
        let longest = String(repeating: "é", count: 256)
        #expect(
            try Observation(document: ObservationFixture.document("Fish_Id", .string(longest)), rule: RowRule(fish))
                .identifier == longest)
        let tooLong = try ObservationFixture.document("Fish_Id", .string(longest + "x"))
        #expect(throws: ObservationProblem.self) { try Observation(document: tooLong, rule: RowRule(fish)) }
    }

    @Test("the largest numbers that are accepted are accepted", arguments: [("Length", 1000.0), ("ActualWeight", 1e6)])
    func largest(field: String, value: Double) throws {
        let document = try ObservationFixture.document(field, .number(value))
        #expect(try Observation(document: document, rule: RowRule(fish)).document(fish)[field] == .number(value))
    }

    @Test(
        "a level with a character that nobody sees is refused",
        arguments: [
            "\u{85}", "\u{202E}", "\u{200B}", "\u{FEFF}", "\u{AD}", "\u{2028}", "\u{2029}", "\u{0}", "\u{7F}", "\n",
        ])
    func unseenCharacters(character: String) throws {
        let document = try ObservationFixture.document("Species", .string("sal" + character + "mon"))
        #expect(throws: ObservationProblem.self) { try Observation(document: document, rule: RowRule(fish)) }
    }

    @Test(
        "a level may be in any script",
        arguments: ["Lachs", "truite de mer", "лосось", "鮭", "pike-perch 🐟", "sa\u{301}lmon"])
    func scripts(level: String) throws {
        let document = try ObservationFixture.document("Species", .string(level))
        #expect(try Observation(document: document, rule: RowRule(fish)).level == level)
    }

    @Test("a time is accepted up to the stated span ahead of the clock, however long ago it was")
    func clock() throws {
        let now = try #require(complete.timestamp)
        let rule = RowRule(fish, clock: RowRule.Clock(now: now, secondsAheadMax: 300))
        for (seconds, isAccepted) in [(-60 * 60 * 24 * 3650 as Int64, true), (0, true), (300, true), (301, false)] {
            let time = now.advanced(byMilliseconds: seconds * 1000)
            let document = try ObservationFixture.document("Timestamp", .string(time.description))
            let read = Result { try Observation(document: document, rule: rule) }
            #expect(((try? read.get()) != nil) == isAccepted, "\(seconds)")
        }
        let document = try ObservationFixture.document("Timestamp", "9999-01-01T00:00:00.000Z")
        let problem = #expect(throws: ObservationProblem.self) { try Observation(document: document, rule: rule) }
        #expect(problem?.field == "Timestamp")
        #expect(
            problem?.accepted == "a time at most 300 s ahead of the server's clock, which says 2021-06-09T13:39:27.971Z"
        )
    }

    @Test(
        "a time may be text with an offset, or milliseconds",
        arguments: [JSON.string("2021-06-09T15:39:27.971+02:00"), 1_623_245_967_971])
    func times(value: JSON) throws {
        #expect(
            try Observation(document: ObservationFixture.document("Timestamp", value), rule: RowRule(fish)).timestamp
                == complete.timestamp
        )
    }
}
