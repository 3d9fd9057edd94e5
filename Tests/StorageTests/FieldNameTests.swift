import Documents
import ModelService
import MongoTesting
import Regression
import Specification
import Testing

@testable import Storage

/// Columns of any name, in every store.
@Suite struct FieldNameTests {
    private static func specification(_ name: String) throws -> ModelSpecification {
        let columns = (number: "n \(name)", level: name, other: "\(name)2", response: "r\(name)")
        let formula =
            "\(columns.response.quotedForR) ~ \(columns.number.quotedForR) + \(columns.level.quotedForR)"
            + " + \(columns.other.quotedForR)"
        return ModelSpecification(
            subject: "rows",
            response: .init(
                name: columns.response, field: columns.response, actualField: columns.response,
                predictedField: "p\(name)"),
            predictors: [.init(name: columns.number, field: columns.number, maximum: 1000)],
            factor: .init(name: columns.level, field: columns.level, charactersMax: 64),
            otherFactors: [.init(name: columns.other, field: columns.other, charactersMax: 64)],
            formula: try Formula(formula, factors: [columns.level, columns.other]), errorMeasure: .absolute,
            fields: .init(
                identifier: "i\(name)", timestamp: "t\(name)", error: "e\(name)", modelTime: "m\(name)"))
    }

    static let names = [
        "plain", "Petal.Length", "stack.loss", "$type", "a$b.c$", "..", "Größe/Stück", "a \"b\" & c", "100 %", "%2E",
        "x=1;'y'", "of one letter with an accent: .\u{301}$\u{301}%25\u{301}",
    ]

    @Test(
        "rows with columns of any name are found again, by time and by level", arguments: names, Implementation.allCases
    )
    func anyName(_ name: String, _ implementation: Implementation) throws {
        guard Implementation.available.contains(implementation) else { return }
        let specification = try Self.specification(name)
        let rows = (0..<9).map { number in
            Observation(
                identifier: "\(number)", level: ["x", "y.z", "$w"][number % 3], otherLevels: ["o\(number % 2)"],
                predictors: [Double(number)], predicted: 4.5, actual: Double(number) / 8, error: 0.25,
                modelTime: "2021-06-02 07:48:52", timestamp: Sample.start.advanced(byMilliseconds: Int64(number) * 2000)
            )
        }
        try implementation.withStores(of: specification) { open in
            let store = try open()
            #expect(try store.record(rows).rows == rows.map { _ in .new })
            #expect(try store.newest(4) == rows.suffix(4).reversed())
            #expect(try store.newestOfEachLevel(1) == [rows[8], rows[6], rows[7]])
            #expect(try store.record([rows[2]]).rows == [.repeated])
            var changed = rows[3]
            changed.actual = 99
            #expect(try store.record([changed]).rows == [.conflicting(kept: rows[3])])
            let last = try store.end(notAfter: nil)
            #expect(try store.rows(after: last, notAfter: nil, limit: 10).rows.isEmpty)
        }
    }

    @Test(
        "a row that others wrote under the names as they are is read",
        .enabled(if: MongoServer.isAvailable, "\(MongoServer.missing)"))
    func othersRows() throws {
        let specification = try Self.specification("stack.loss")
        try MongoFixture.withDatabase { fixture in
            let document: JSON = [
                "n stack.loss": 5, "stack.loss": "x", "stack.loss2": "o", "rstack.loss": 2.5,
                "tstack.loss": "2021-06-09T13:39:27.971Z",
            ]
            try fixture.shell.insert([document])
            let store = try openStore(.mongo(fixture.location), specification: specification, log: { _ in })
            defer { store.close() }
            let row = try #require(try store.newest(1).first)
            #expect(row.predictors == [5] && row.level == "x" && row.otherLevels == ["o"] && row.actual == 2.5)
        }
    }

    @Test("a name is read back from how it is stored, and no two are stored alike", arguments: names)
    func roundTrip(_ name: String) {
        let stored = MongoFieldName.stored(name)
        #expect(MongoFieldName.column(stored) == name)
        #expect(!stored.contains(".") && !stored.contains("$"))
        #expect(Self.names.filter { MongoFieldName.stored($0) == stored } == [name])
    }
}
