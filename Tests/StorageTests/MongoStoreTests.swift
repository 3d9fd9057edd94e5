import Documents
import Foundation
import ModelService
import MongoTesting
import Specification
import Testing
import Threading

@testable import Storage

/// What only MongoDB can get wrong: rows that others wrote, its index, its kinds of value.
@Suite(.enabled(if: MongoServer.isAvailable, "\(MongoServer.missing)"))
struct MongoStoreTests {
    /// As the sink connector writes a row of the topic: no identifier, whole numbers as int64, any order of fields.
    private static func connectorRow(_ number: Int, timestamp: JSON?) -> JSON {
        var members: [JSON.Member] = [
            .init("_id", ["$oid": .string("60c0c6a0e1382300" + String(format: "%08x", number))]),
            .init("Length", ["$numberLong": .string("\(number)")]), .init("ActualWeight", 4.5), .init("Error", .null),
            .init("Height", ["$numberInt": "18"]), .init("ModelTime", "2021-06-02 07:48:52"),
            .init("Species", "salmon"),
            .init("PredictedWeight", ["$numberDecimal": "4.25"]), .init("Key", "Key"), .init("Diff", 0.5),
        ]
        if let timestamp { members.append(.init("Timestamp", timestamp)) }
        return .object(members)
    }

    private static func observation(_ number: Int, timestamp: Timestamp?) -> Observation {
        Observation(
            level: "salmon", predictors: [Double(number), 18], predicted: 4.25, actual: 4.5,
            modelTime: "2021-06-02 07:48:52", timestamp: timestamp)
    }

    private static func time(_ number: Int) -> Timestamp {
        Sample.start.advanced(byMilliseconds: Int64(number) * 1000)
    }

    private static func text(_ number: Int) -> JSON { .string(time(number).description) }
    private static func date(_ number: Int) -> JSON {
        ["$date": ["$numberLong": .string("\(time(number).milliseconds)")]]
    }

    @Test("a row that the sink connector wrote is read, null and missing fields as nil")
    func connectorRows() throws {
        try MongoFixture.withDatabase { fixture in
            try fixture.shell.insert([
                Self.connectorRow(1, timestamp: Self.text(1)),
                ["Species": .null, "Timestamp": Self.text(2), "Length": "95", "Height": ["$numberDouble": "NaN"]],
            ])
            try fixture.withStore { store throws in
                let strange = Observation(level: nil, predictors: [nil, nil], actual: nil, timestamp: Self.time(2))
                #expect(try store.newest(50) == [strange, Self.observation(1, timestamp: Self.time(1))])
            }
        }
    }

    @Test("the tutorial's upper-case rows without any time are read, the last inserted first")
    func tutorialRows() throws {
        try MongoFixture.withDatabase { fixture in
            try fixture.shell.insert(
                (1...3).map { number in
                    [
                        "KEY": "key", "SPECIES": "Bass", "LENGTH": .integer(Int64(number)), "HEIGHT": 2.5,
                        "PREDICTION": 1.5, "ACTUAL": 2.5, "ERROR": 0.4,
                    ]
                })
            try fixture.withStore { store throws in
                let read = try store.newest(2)
                #expect(
                    read
                        == [3, 2].map {
                            Observation(
                                level: "Bass", predictors: [$0, 2.5], predicted: 1.5, actual: 2.5, error: 0.4,
                                timestamp: nil)
                        })
            }
        }
    }

    @Test("a document is written with the names and kinds of the collection, and its identity as _id")
    func document() throws {
        try MongoFixture.withDatabase { fixture in
            try fixture.withStore { store throws in
                #expect(try store.record([Sample.row(4)]).newCount == 1)
                let reply = try fixture.shell.run(["find": "rows"])
                let row = try #require(reply["cursor"]?["firstBatch"]?.elements?.first)
                #expect(
                    row.compact == #"{"_id":"[\"2021-06-09T13:39:35.971Z\",\"4\"]","Fish_Id":"4","Species":"salmon","#
                        + #""Length":4.25,"Height":18.0,"PredictedWeight":4.5,"ActualWeight":0.5,"Error":0.022,"#
                        + #""ModelTime":"2021-06-02 07:48:52","Timestamp":"2021-06-09T13:39:35.971Z"}"#)
            }
        }
    }

    struct Mixture: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let dates: [Int]
        let texts: [Int]
        let undated: [Int]
        let count: Int
        let expected: [Int]
    }

    static let mixtures = [
        Mixture(
            testDescription: "old dates, new texts", dates: [1, 2, 3], texts: [4, 5, 6, 7], undated: [], count: 3,
            expected: [7, 6, 5]),
        Mixture(
            testDescription: "new dates, old texts", dates: [5, 6, 7], texts: [1, 2, 3, 4], undated: [], count: 4,
            expected: [7, 6, 5, 4]),
        Mixture(
            testDescription: "alternating", dates: [1, 3, 5, 7], texts: [2, 4, 6, 8], undated: [9], count: 5,
            expected: [8, 7, 6, 5, 4]),
        Mixture(
            testDescription: "fewer than wanted", dates: [2], texts: [1, 3], undated: [8, 9], count: 50,
            expected: [3, 2, 1, 9, 8]),
        Mixture(
            testDescription: "undated fill up", dates: [2], texts: [1], undated: [7, 8, 9], count: 4,
            expected: [2, 1, 9, 8]),
        Mixture(testDescription: "only dates", dates: [1, 2, 3], texts: [], undated: [], count: 2, expected: [3, 2]),
    ]

    @Test("rows with dates and rows with texts are sorted as one", arguments: mixtures)
    func mixed(mixture: Mixture) throws {
        try MongoFixture.withDatabase { fixture in
            try fixture.shell.insert(
                mixture.dates.map { Self.connectorRow($0, timestamp: Self.date($0)) }
                    + mixture.texts.map { Self.connectorRow($0, timestamp: Self.text($0)) }
                    + mixture.undated.map { Self.connectorRow($0, timestamp: $0.isMultiple(of: 2) ? .null : nil) })
            try fixture.withStore { store throws in
                let read = try store.newest(mixture.count).map { Int($0.predictors[0] ?? 0) }
                #expect(read == mixture.expected)
            }
        }
    }

    @Test(
        "the newest rows are read through the index, no more documents than were asked for", arguments: [false, true])
    func served(withDates: Bool) throws {
        try MongoFixture.withDatabase { fixture in
            try fixture.shell.insert(
                (0..<2000).map { Self.connectorRow($0, timestamp: withDates ? Self.date($0) : Self.text($0)) })
            try fixture.withStore { store throws in
                try store.check()
                try fixture.shell.awaitIndex()
                try fixture.shell.run(["profile": 2])
                #expect(try store.newest(50).count == 50)
                try fixture.shell.run(["profile": 0])
            }
            let profile = try fixture.shell.run(["find": "system.profile", "filter": ["command.find": "rows"]])
            let queries = try #require(profile["cursor"]?["firstBatch"]?.elements)
            #expect(queries.count == (withDates ? 2 : 1))
            for query in queries {
                #expect(query["planSummary"] == "IXSCAN { Timestamp: -1, _id: -1 }")
                #expect(query["docsExamined"]?.integer ?? 51 <= 50)
                #expect(query["hasSortStage"] == nil)
                #expect(query["cursorExhausted"] == true)
            }
        }
    }

    @Test("the index is made again after the collection was dropped, and the rows are right meanwhile")
    func droppedCollection() throws {
        try MongoFixture.withDatabase { fixture in
            try fixture.withStore { store throws in
                #expect(try store.record(Sample.rows(0..<100)).newCount == 100)
                try fixture.shell.awaitIndex()
                // The store learns of the index a moment after it is there; from then on a query names it.
                #expect(try store.newest(1) == Sample.rows([99]))
                try fixture.shell.run(["drop": "rows"])
                #expect(try store.newest(50).isEmpty)
                #expect(try store.record(Sample.rows(0..<200)).newCount == 200)
                #expect(try store.newest(2) == Sample.rows([199, 198]))
                #expect(try store.newest(2) == Sample.rows([199, 198]))
                try fixture.shell.awaitIndex()
            }
        }
    }

    @Test("a row that another unique index keeps out is no repeat but refused")
    func otherUniqueIndex() throws {
        try MongoFixture.withDatabase { fixture in
            try fixture.shell.run([
                "createIndexes": "rows", "indexes": [["key": ["Fish_Id": 1], "name": "one", "unique": true]],
            ])
            try fixture.withStore { store throws in
                #expect(try store.record([Sample.row(1)]).newCount == 1)
                var weighedAgain = Sample.row(1)
                weighedAgain.timestamp = Self.time(9)
                let error = #expect(throws: StoreError.self) { try store.record([weighedAgain, Sample.row(2)]) }
                #expect(error?.kind == .refused)
                #expect(error?.description.contains("duplicate key") == true)
                #expect(try store.newest(5) == Sample.rows([2, 1]))
            }
        }
    }

    @Test("a collection that refuses rows is refused, in one line that says what was tried")
    func validator() throws {
        try MongoFixture.withDatabase { fixture in
            try fixture.shell.run(["create": "rows", "validator": ["Species": "trout"]])
            try fixture.withStore { store throws in
                let error = #expect(throws: StoreError.self) { try store.record(Sample.rows([1])) }
                #expect(error?.kind == .refused)
                #expect(
                    error?.description
                        == "recording 1 rows in \(try fixture.location): Document failed validation (MongoDB 121)")
            }
        }
    }

    @Test("an option that libmongoc does not know is reported, and does no harm")
    func unknownOption() throws {
        try MongoFixture.withDatabase { fixture in
            let separator = fixture.text.contains("?") ? "&" : "?"
            let lines = Lock<[String]>([])
            let location = try StoreLocation(
                parsing: fixture.text + separator + "noSuchOption=1", defaultCollection: "a.b")
            let store = try openStore(location, specification: Sample.fish) { line in lines.withLock { $0.append(line) }
            }
            defer { store.close() }
            try store.check()
            #expect(lines.withLock { $0.contains { $0.contains("nosuchoption") } })
        }
    }
}
