import Documents
import ModelService
import Regression
import Specification
import Testing

@Suite("A model version")
struct ModelVersionTests {
    static let time = Timestamp(milliseconds: 1_622_620_132_137)

    static func model(_ rows: [Observation], time: Timestamp = time) throws -> ModelVersion {
        try ModelVersion(
            fitting: TrainingRows(oldestFirst: rows, specification: .flats), time: time, parent: "before",
            trigger: ["why": "test"])
    }

    @Test("rows without a usable number or level, or with a response that is not positive, are left out and counted")
    func leftOut() throws {
        var rows = Observation.flats(20)
        rows[3].predictors[1] = nil
        rows[4].level = nil
        rows[5].actual = 0
        rows[6].actual = -1
        rows[7].actual = nil
        let training = TrainingRows(oldestFirst: rows, specification: .flats)
        #expect(training.count == 15)
        #expect(training.leftOut == 5)
        #expect(try Self.model(rows).rowsLeftOut == 5)
    }

    @Test("the factor enters only where the rows hold more than one level")
    func factor() throws {
        let one = try Self.model(Observation.flats(20, districts: ["north"]))
        #expect(one.model.formula.description == "price ~ area + rooms + floor")
        #expect(one.fallbacks.isEmpty)
        let two = try Self.model(Observation.flats(20))
        #expect(two.model.formula.description == "price ~ area + rooms + floor + district")
        #expect(two.model.coefficients.map(\.name) == ["(Intercept)", "area", "rooms", "floor", "districtsouth"])
        #expect(two.levels == ["north", "south"])
    }

    @Test("the fit alone is the model of the version, and is refused as that is")
    func fitAlone() throws {
        for districts in [["north"], ["north", "south"]] {
            let rows = Observation.flats(20, districts: districts)
            let alone = TrainingRows(oldestFirst: rows, specification: .flats)
            #expect(try alone.fit(tolerance: 1e-7) == Self.model(rows).model)
        }
        let none = TrainingRows(oldestFirst: [], specification: .flats)
        #expect(throws: TrainingRefusal.self) { try none.fit(tolerance: 1e-7) }
        #expect(throws: TrainingRefusal.self) { try Self.model([]) }
    }

    @Test("a level that the rows did not hold gets the estimate of the same rows without the factor, and says so")
    func unseen() throws {
        let predictors = [60.0, 3, 4]
        let two = try Self.model(Observation.flats(20))
        let seen = try #require(two.estimate(predictors: predictors, levels: ["south"]))
        let unseen = try #require(two.estimate(predictors: predictors, levels: ["west"]))
        #expect(seen.isLevelSeen && !unseen.isLevelSeen)
        #expect(unseen.value == two.fallbacks[0].model.estimate(numbers: predictors, levels: ["west"]))
        let one = try Self.model(Observation.flats(20, districts: ["north"]))
        let known = try #require(one.estimate(predictors: predictors, levels: ["north"]))
        #expect(known.isLevelSeen)
        let other = try #require(one.estimate(predictors: predictors, levels: ["south"]))
        #expect(!other.isLevelSeen && other.value == known.value)
    }

    @Test("a document gives back the same model, and the same rows give the same document")
    func roundTrip() throws {
        for districts in [["north"], ["north", "south", "west"]] {
            let model = try Self.model(Observation.flats(30, districts: districts))
            let document = model.document
            #expect(try ModelVersion(document: try JSON(parsing: document.indented)) == model)
            #expect(try Self.model(Observation.flats(30, districts: districts)).document == document)
        }
    }

    @Test("a refused candidate keeps its verdict and what caused it")
    func refusedCandidate() throws {
        var model = try Self.model(Observation.flats(20))
        model.state = .refused
        model.verdict = ["winner": "champion", "challenger": ["error": 0.2, "rows": 20]]
        model.cause = ["levels": ["north"]]
        let read = try ModelVersion(document: try JSON(parsing: model.document.indented))
        #expect(read == model && read.verdict["challenger"]?["error"] == 0.2)
    }

    @Test("a document from before there was a judge is of a model that served; a state that is none is refused")
    func olderDocument() throws {
        let model = try Self.model(Observation.flats(20))
        let members = try #require(model.document.members)
        let added = ["cause", "state", "verdict", "coefficientsHex", "oldestRow", "newestRow", "checksum"]
        let older = members.filter { !added.contains($0.name) }
        #expect(older.count == members.count - added.count)
        let read = try #require(try ModelVersion(document: Self.unsealed(older)).document.members)
        let unknown = ["oldestRow", "newestRow", "checksum"]
        #expect(read.filter { !unknown.contains($0.name) } == members.filter { !unknown.contains($0.name) })
        let wrong = members.map { $0.name == "state" ? JSON.Member("state", "thrown away") : $0 }
        #expect(throws: ModelDocumentError.self) { try ModelVersion(document: Self.unsealed(wrong)) }
    }

    /// As documents were before they had a checksum.
    private static func unsealed(_ members: [JSON.Member]) -> JSON {
        .object(earlier(members.filter { !["oldestRow", "newestRow", "checksum"].contains($0.name) }))
    }

    private static func earlier(_ members: [JSON.Member]) -> [JSON.Member] {
        members.map { $0.name == "format" ? JSON.Member("format", "tare-model/1") : $0 }
    }

    @Test(
        "damage makes no document one from before there was a checksum",
        arguments: ["checksum", "Checksum"])
    func damagedFormat(checksum: String) throws {
        let members = try #require(try Self.model(Observation.flats(20)).document.members)
        let damaged = Self.earlier(members).map { member in
            switch member.name {
            case "checksum": JSON.Member(checksum, member.value)
            case "rows": JSON.Member("rows", 19)
            default: member
            }
        }
        #expect(throws: ModelDocumentError.self) { try ModelVersion(document: .object(damaged)) }
    }

    @Test("a model whose text differs in one digit or letter from what was written is refused, wherever that is")
    func damaged() throws {
        let model = try Self.model(Observation.flats(30, districts: ["north", "south"]))
        let text = model.document.indented
        var refused = 0
        let places = text.indices.filter { Character(Unicode.Scalar(text[$0])).isLetter || text[$0].isDigit }
        // Every seventh: the parts of the document are all longer than that.
        let tried = stride(from: 0, to: places.count, by: 7).map { places[$0] }
        for place in tried {
            var damaged = text
            damaged[place] = text[place] == UInt8(ascii: "7") ? UInt8(ascii: "3") : UInt8(ascii: "7")
            do {
                // Only digits behind the precision of a number may go unnoticed: they say the same.
                let read = try ModelVersion(document: try JSON(parsing: damaged))
                #expect(read == model, "\(String(decoding: damaged[place...].prefix(20), as: UTF8.self))")
            } catch {
                refused += 1
            }
        }
        #expect(refused > tried.count / 2)
    }

    @Test("of a document without a checksum, coefficients that differ from their own bits are refused")
    func damagedOlder() throws {
        let members = try #require(try Self.model(Observation.flats(30)).document.members)
        let changed = members.map { member in
            guard member.name == "coefficients", let values = member.value.members else { return member }
            return JSON.Member(
                member.name, .object(values.map { JSON.Member($0.name, JSON(($0.value.double ?? 0) * 1.5)) }))
        }
        _ = try ModelVersion(document: Self.unsealed(members))
        #expect(throws: ModelDocumentError.self) { try ModelVersion(document: Self.unsealed(changed)) }
    }

    @Test("coefficients stand as decimals and as hexadecimal floats of the same value")
    func hexadecimal() throws {
        let document = try Self.model(Observation.flats(30)).document
        let decimal = try #require(document["coefficients"]?.members)
        let hexadecimal = try #require(document["coefficientsHex"]?.members)
        #expect(decimal.map(\.name) == hexadecimal.map(\.name))
        for (left, right) in zip(decimal, hexadecimal) {
            #expect(left.value.double == right.value.text.flatMap { Double($0) })
        }
    }

    @Test(
        "a version is made of letters, digits and hyphens",
        arguments: [
            ("20210602T074852000Z-ffa8bec8", true), ("", false), ("..", false), ("a/b", false), ("a.json", false),
            (String(repeating: "a", count: 65), false), ("é", false),
        ])
    func names(_ text: String, _ isVersion: Bool) {
        #expect(ModelVersion.isVersion(text) == isVersion)
    }

    @Test("other rows have another hash, and another time another version")
    func identity() throws {
        let model = try Self.model(Observation.flats(30))
        var rows = Observation.flats(30)
        rows[8].actual? += 1e-9
        #expect(try Self.model(rows).rowsHash != model.rowsHash)
        #expect(try Self.model(rows).version != model.version)
        #expect(
            try Self.model(Observation.flats(30), time: Self.time.advanced(byMilliseconds: 1)).version > model.version)
    }

    @Test("rows that spell one level in two ways are trained on, and each way counts in the hash")
    func spellings() throws {
        let rows = Observation.flats(30)
        func spelled(_ name: String, _ places: Set<Int>) -> [Observation] {
            rows.enumerated().map { place, row in
                var row = row
                if places.contains(place) { row.level = name }
                return row
            }
        }
        let composed = spelled("caf\u{E9}", [0, 1, 2, 3])
        var mixed = composed
        mixed[2].level = "cafe\u{301}"
        let models = try [composed, mixed].map { try Self.model($0) }
        #expect(models[0].levels == models[1].levels && models[0].rowsHash != models[1].rowsHash)
    }

    @Test("one row more than coefficients is asked for before a model is trained")
    func spareRow() throws {
        for (count, isEnough) in [(5, false), (6, true)] {
            let rows = TrainingRows(oldestFirst: Observation.flats(count), specification: .flats)
            if isEnough {
                try rows.requireSpareRow()
            } else {
                #expect(throws: TrainingRefusal.tooFewRows(used: 5, leftOut: 0, needed: 6)) {
                    try rows.requireSpareRow()
                }
            }
        }
    }

    @Test(
        "a document that is none of a model is refused, and the member is named",
        arguments: [
            ("format", "model.format"), ("time", "model.time"), ("version", "model.version"), ("rows", "model.rows"),
            ("levels", "model.levels"), ("coefficients", "model.coefficients"), ("formula", "model.formula"),
            ("triangularFactor", "model.triangularFactor"), ("withoutFactor", "model.withoutFactor"),
            ("specification", "specification"),
        ])
    func refused(_ member: String, _ named: String) throws {
        let members = try #require(try Self.model(Observation.flats(20)).document.members)
        let missing = members.filter { $0.name != member }
        let wrong = members.map { $0.name == member ? JSON.Member(member, true) : $0 }
        for changed in [missing, wrong] {
            do {
                _ = try ModelVersion(document: member == "format" ? .object(changed) : Self.unsealed(changed))
                Issue.record("\(member) was not missed")
            } catch { #expect("\(error)".contains(named), "\(error)") }
        }
    }

    @Test("a document whose numbers do not make a model is refused")
    func notWhole() throws {
        let document = try Self.model(Observation.flats(20)).document
        let members = try #require(document.members)
        let broken = Self.unsealed(
            members.map { $0.name == "triangularFactor" ? JSON.Member($0.name, [1.0, 2.0]) : $0 })
        #expect(throws: ModelDocumentError.self) { try ModelVersion(document: broken) }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
