import Documents
import ModelService
import Regression
import Testing

@testable import Storage

@Suite("What a training reads of stored rows")
struct RowsByColumnsTests {
    /// Some of one time, some without one, and two levels that Unicode calls the same.
    private static let rows = (0..<60).map { number in
        var row = Sample.row(number)
        row.level = ["salmon", "e\u{301}", "\u{e9}", nil][number % 4]
        if number % 5 == 0 { row.timestamp = nil }
        if number % 7 < 3 { row.timestamp = row.timestamp.map { _ in Sample.start } }
        if number % 11 == 0 { (row.identifier, row.predictors[1], row.actual) = (nil, nil, nil) }
        return row
    }

    @Test(
        "is the newest rows by columns, oldest first, those of one time and those without one in the same order",
        arguments: Implementation.available)
    func newest(implementation: Implementation) throws {
        try implementation.withStore { store throws in
            _ = try store.record(Self.rows)
            for count in [-1, 0, 1, 13, 40, 47, 48, 49, 55, 60, 61, Int.max] {
                let read = try store.newestColumns(count, Sample.fish)
                let expected = ObservedColumns(oldestFirst: try store.newest(count).reversed(), Sample.fish)
                #expect(read.isSame(as: expected), "\(count)")
            }
        }
    }
}

extension ObservedColumns {
    /// Bit by bit: what is missing is no number, which is not equal to itself.
    func isSame(as other: ObservedColumns) -> Bool {
        func bits(_ numbers: [Double]) -> [UInt64] { numbers.map(\.bitPattern) }
        func names(_ rows: ObservedColumns) -> [[[UInt8]?]] {
            rows.factors.map { column in
                column.codes.map { $0 < 0 ? nil : Array(column.names[Int($0)].utf8) }
            }
        }
        return times == other.times && predictors.map(bits) == other.predictors.map(bits)
            && bits(responses) == bits(other.responses) && names(self) == names(other)
            && identities == other.identities && isGrouped == other.isGrouped
    }
}
