import Documents
import Specification
import Testing

@testable import ModelService

@Suite("The probation of a new model")
struct ProbationTests {
    private static let generator = RandomFlats(seed: 11)

    private static func served(_ rows: [Observation]) throws -> ServedModel {
        ServedModel(try ModelVersionTests.model(rows))
    }

    private static func changed(_ rows: [Observation], _ factor: (Int) -> Double) -> [TrainingRows.Row] {
        let changed = rows.enumerated().map { index, row in
            var row = row
            row.actual = row.actual.map { $0 * factor(index) }
            return row
        }
        return TrainingRows(oldestFirst: changed, specification: .flats).used
    }

    /// What becomes of a model that was fitted on prices twice as high, when so many of ten rows are as before.
    private static func outcome(ordinary count: Int) throws -> [Probation.Outcome] {
        let rows = generator.rows(120, districts: ["north", "south"])
        let doubled = rows.prefix(50).map { row in
            var row = row
            row.actual = row.actual.map { $0 * 2 }
            return row
        }
        var probation = Probation(of: try served(doubled), after: try served(Array(rows[50..<100])))
        return changed(Array(rows.suffix(10)), { $0 < count ? 1 : 2 }).map { probation.observe($0) }
    }

    @Test("ten rows decide: worse on all or on most fails, worse on one or none passes")
    func tenRows() throws {
        for (ordinary, expected) in [(10, Probation.Outcome.failed), (8, .failed), (1, .passed), (0, .passed)] {
            let outcomes = try Self.outcome(ordinary: ordinary)
            #expect(outcomes.dropLast().allSatisfy { $0 == .undecided })
            #expect(outcomes.last == expected, "\(ordinary) of 10")
        }
    }

    @Test("rows that one of the two was fitted on do not count")
    func fittedRows() throws {
        let rows = Self.generator.rows(100, districts: ["north", "south"])
        var probation = Probation(
            of: try Self.served(Array(rows.prefix(50))), after: try Self.served(Array(rows.suffix(50))))
        #expect(Self.changed(rows, { _ in 1 }).allSatisfy { probation.observe($0) == .undecided })
    }

    @Test("of models that are as good as their parents, some one in a hundred is taken back: 500 seeds")
    func falseAlarms() throws {
        var failures = 0
        for seed in 1...500 as ClosedRange<UInt64> {
            let rows = RandomFlats(seed: seed).rows(110, districts: ["north", "south"])
            var probation = Probation(
                of: try Self.served(Array(rows[0..<50])), after: try Self.served(Array(rows[50..<100])))
            let outcomes = Self.changed(Array(rows.suffix(10)), { _ in 1 }).map { probation.observe($0) }
            if outcomes.last == .failed { failures += 1 }
        }
        #expect(failures <= 12, "\(failures) of 500")
    }
}
