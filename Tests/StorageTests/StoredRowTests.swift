import Documents
import Foundation
import ModelService
import Regression
import Specification
import Testing

@testable import Storage

/// A row as bytes must read as its document does, whatever the specification.
@Suite("Rows as bytes")
struct StoredRowTests {
    private static func specifications() throws -> [ModelSpecification] {
        try [Sample.fish, specification(factors: ["Species", "Pond"]), specification(factors: [])]
    }

    /// Of three numbers.
    private static func specification(factors: [String]) throws -> ModelSpecification {
        let all = factors.map { ModelSpecification.Factor(name: $0.lowercased(), field: $0, charactersMax: 64) }
        let terms = ["length", "girth", "age"] + all.map(\.name)
        return ModelSpecification(
            subject: "fish",
            response: .init(name: "weight", field: "Weight", actualField: "ActualWeight", predictedField: "Predicted"),
            predictors: ["Length", "Girth", "Age"].map {
                .init(name: $0.lowercased(), field: $0, bounds: .from(-1e300, upTo: 1e300))
            },
            factor: all.first, otherFactors: Array(all.dropFirst()),
            formula: try Formula("weight ~ \(terms.joined(separator: " + "))", factors: Set(all.map(\.name))),
            errorMeasure: .absolute,
            fields: .init(identifier: "Fish_Id", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime"))
    }

    private static let numbers: [Double?] = [
        nil, 0, -0.0, 1, -1.5, 1e300, .leastNonzeroMagnitude, 0.1, .infinity, .nan,
    ]
    private static let texts: [String?] = [
        nil, "", "a", "salmon", "e\u{301}", "🐟 \u{0}", String(repeating: "x", count: 300),
        String(repeating: "y", count: DocumentLimits.storedTextBytesMax + 1),
    ]

    private static func row(_ specification: ModelSpecification) -> Observation {
        func number() -> Double? { numbers.randomElement()! }
        func text() -> String? { texts.randomElement()! }
        return Observation(
            identifier: text(), level: specification.factor == nil ? "" : text(),
            otherLevels: specification.otherFactors.map { _ in text() },
            predictors: specification.predictors.map { _ in number() }, predicted: number(), actual: number(),
            error: number(), modelTime: text(),
            timestamp: Bool.random() ? nil : Timestamp(milliseconds: .random(in: -5...2_000_000_000_000)))
    }

    private static func read(
        _ row: Observation, as written: ModelSpecification, for own: ModelSpecification
    ) -> Observation? {
        var reader = StoredRowReader(RowLayout(written), for: own)
        return reader.read(StoredRowWriter(written).bytes(of: row).span)
    }

    @Test("the bytes of a row read as its document does, for its own specification and for any other")
    func sameAsDocument() throws {
        for written in try Self.specifications() {
            for own in try Self.specifications() {
                for _ in 0..<300 {
                    let row = Self.row(written)
                    let document = Observation(
                        row: try JSON(parsing: row.document(written).compact), specification: own)
                    #expect(Self.read(row, as: written, for: own) == document)
                }
            }
        }
    }

    @Test("what a training reads of bytes is what their row has, whatever the specification that wrote them")
    func columns() throws {
        for written in try Self.specifications() {
            for own in try Self.specifications() {
                let rows = (0..<300).map { _ in Self.row(written) }
                var read = ObservedColumns.Builder(own)
                var reader = StoredRowReader(RowLayout(written), for: own)
                for row in rows {
                    #expect(reader.read(StoredRowWriter(written).bytes(of: row).span, into: &read))
                    read.append(identity: row.identity)
                }
                var expected = ObservedColumns.Builder(own)
                for row in rows {
                    expected.appendValues(of: try #require(Self.read(row, as: written, for: own)))
                    expected.append(identity: row.identity)
                }
                #expect(read.columns().isSame(as: expected.columns()))
            }
        }
    }

    @Test("bytes that are cut off, or followed by others, are no row")
    func cut() {
        let bytes = StoredRowWriter(Sample.fish).bytes(of: Sample.row(1))
        var reader = StoredRowReader(RowLayout(Sample.fish), for: Sample.fish)
        var columns = ObservedColumns.Builder(Sample.fish)
        for wrong in bytes.indices.map({ Array(bytes.prefix($0)) }) + [bytes + [0]] {
            #expect(reader.read(wrong.span) == nil && !reader.read(wrong.span, into: &columns))
        }
        #expect(reader.read(bytes.span) == Sample.row(1))
    }

    @Test("a layout is read as it was written")
    func layouts() throws {
        for layout in try Self.specifications().map(RowLayout.init) {
            #expect(RowLayout(text: layout.text) == layout)
        }
        #expect(RowLayout(text: "{}") == nil)
    }

    @Test("a file that was written by one specification is read and written on by another")
    func otherSpecification() throws {
        try withTemporaryFolder { folder throws in
            let path = folder.appending(path: "rows.sqlite").path
            for (number, specification) in try [Sample.fish, Self.specifications()[1], Sample.fish].enumerated() {
                let store = try openStore(.sqlite(path: path), specification: specification, log: { _ in })
                defer { store.close() }
                var row = Sample.row(number)
                if specification != Sample.fish {
                    row.predictors = [1, 2, 3]
                    row.otherLevels = ["North"]
                }
                #expect(try store.record([row]).newCount == 1)
            }
            let store = try openStore(.sqlite(path: path), specification: Sample.fish, log: { _ in })
            defer { store.close() }
            let rows = try store.newest(9)
            #expect(rows.map(\.predictors) == [[2.25, 18], [1, nil], [0.25, 18]])
            #expect(rows.map(\.level) == ["salmon", "walleye", "salmon"])
        }
    }
}

extension StoredRowWriter {
    func bytes(of row: Observation) -> [UInt8] {
        var bytes: [UInt8] = []
        append(row, to: &bytes)
        return bytes
    }
}
