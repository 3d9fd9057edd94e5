import Glibc
import ModelService
import Regression
import Specification

/// Reads rows from BSON documents.
///
/// Nearly always the documents of a collection have the same fields in the same order. What a name stands for is
/// remembered by its position in the last document, which spares a string and a look-up for every field.
struct BSONRowReader: Sendable {
    private var reader: ObservationReader
    /// What the fields of the last document stand for.
    private var fields: [ObservationReader.Field?] = []
    /// Where their names begin in `names`, each ended by a zero.
    private var starts: [Int] = []
    private var names: [CChar] = []

    init(_ specification: ModelSpecification) {
        reader = ObservationReader(specification)
    }

    /// Reads one document.
    mutating func read(_ elements: borrowing BSONElements, into rows: inout NewestRows) {
        var kind = NewestRows.Kind.other
        var position = 0
        while elements.next() {
            let field = field(of: elements, at: position)
            position += 1
            guard let field else { continue }
            let value = elements.value
            reader.take(field, value)
            if field.isTimestamp { kind = Self.kind(of: value) }
        }
        rows.append(reader.finish(), kind)
    }

    private mutating func field(of element: borrowing BSONElements, at position: Int) -> ObservationReader.Field? {
        if position < fields.count, isRemembered(element, at: position) { return fields[position] }
        forget(from: position)
        let name = element.name
        fields.append(reader.field(stored: name))
        starts.append(names.count)
        names.append(contentsOf: name.utf8CString)
        return fields[position]
    }

    private func isRemembered(_ element: borrowing BSONElements, at position: Int) -> Bool {
        unsafe names.withUnsafeBufferPointer { names in
            guard let first = names.baseAddress else { return false }
            return unsafe element.isNamed(first + starts[position])
        }
    }

    private mutating func forget(from position: Int) {
        guard position < fields.count else { return }
        names.removeSubrange(starts[position]...)
        starts.removeSubrange(position...)
        fields.removeSubrange(position...)
    }

    private static func kind(of timestamp: StoredValue) -> NewestRows.Kind {
        switch timestamp {
        case .time: .date
        case .text: .text
        default: .other
        }
    }
}
