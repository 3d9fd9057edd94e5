import Documents
import ModelService
import Specification
import Testing

@testable import Storage

/// How rows that MongoDB found become the newest rows, without a database.
@Suite struct NewestRowsTests {
    private func found(_ rows: [(Int?, NewestRows.Kind)]) -> NewestRows {
        var found = NewestRows(capacity: rows.count)
        for (number, kind) in rows { found.append(row(number), kind) }
        return found
    }

    private func row(_ number: Int?) -> Observation {
        guard let number else { return Observation(level: nil, predictors: [], actual: nil, timestamp: nil) }
        return Sample.row(number)
    }

    @Test("the texts are asked for where dates may hide them: the answer is full and has a date")
    func needTexts() {
        #expect(found([(3, .date), (2, .text)]).needTexts(count: 2))
        #expect(found([(3, .date), (2, .date)]).needTexts(count: 2))
        #expect(!found([(3, .date), (2, .text)]).needTexts(count: 3))
        #expect(!found([(3, .text), (2, .text)]).needTexts(count: 2))
        #expect(!found([(3, .text), (nil, .other)]).needTexts(count: 2))
        #expect(!found([]).needTexts(count: 2))
    }

    @Test("texts take the place of those that came with the dates, and all are sorted by time")
    func replaced() {
        var rows = found([(4, .date), (1, .date), (9, .text)])
        rows.replaceTexts(with: found([(9, .text), (3, .text), (2, .text)]))
        #expect(rows.sorted() == Sample.rows([9, 4, 3, 2, 1]))
    }

    @Test("rows that are in order stay as they are, those of one time and those without one included")
    func stable() {
        let first = Sample.row(1, identifier: "b")
        let second = Sample.row(1, identifier: "a")
        var rows = NewestRows(capacity: 4)
        for row in [row(2), first, second, row(nil)] { rows.append(row, .text) }
        #expect(rows.sorted() == [row(2), first, second, row(nil)])
        rows.append(row(3), .text)
        #expect(rows.sorted() == [row(3), row(2), first, second, row(nil)])
    }

    @Test("a document is read the same whatever those before it looked like")
    func layouts() {
        let whole = Sample.row(1).document(Sample.fish)
        let members = whole.members ?? []
        let documents: [JSON] = [
            whole, .object(members.reversed()), .object(Array(members.dropFirst(2))), ["LENGTH": 3, "Key": "Key"],
            .object([JSON.Member("_id", 5)] + members), [:], whole, .object(Array(members.prefix(3))),
            .object([.init("Length", 7)] + members.filter { $0.name != "Length" } + [.init("length", 8)]),
        ]
        var reader = BSONRowReader(Sample.fish)
        var rows = NewestRows(capacity: documents.count)
        for document in documents + documents { reader.read(BSONElements(of: BSONDocument(document)), into: &rows) }
        #expect(rows.rows == (documents + documents).map { Observation(row: $0, specification: Sample.fish) })
    }

    @Test("text is written and read with every character, and an array element by element")
    func values() {
        let text = "a\u{0}é🐟\"\\\n"
        let elements = BSONElements(of: BSONDocument(["text": .string(text), "list": [1, 2.5, "b", true, .null]]))
        var values: [StoredValue] = []
        while elements.next() {
            values.append(elements.value)
            let nested = elements.nested
            while nested.next() { values.append(nested.value) }
        }
        #expect(values == [.text(text), .nothing, .whole(1), .number(2.5), .text("b"), .nothing, .nothing])
    }
}
