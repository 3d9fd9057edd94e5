/// A text for each row, all of them in one array of bytes.
package struct TextColumn: Sendable, Equatable {
    private var bytes: [UInt8] = []
    /// Where each text ends.
    private var ends: [Int] = []

    package init() {}

    package var count: Int { ends.count }

    package subscript(row: Int) -> String { String(decoding: bytes[range(of: row)], as: UTF8.self) }

    private func range(of row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

    /// By their bytes.
    func precedes(_ row: Int, _ other: Int) -> Bool {
        bytes[range(of: row)].lexicographicallyPrecedes(bytes[range(of: other)])
    }

    /// - Parameter bytesOfText: of one text, about.
    mutating func reserveCapacity(_ count: Int, bytesOfText: Int) {
        ends.reserveCapacity(count)
        bytes.reserveCapacity(count * bytesOfText)
    }

    mutating func append(_ text: Span<UInt8>) {
        unsafe text.withUnsafeBufferPointer { text in unsafe bytes.append(contentsOf: text) }
        ends.append(bytes.count)
    }

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        ends.append(bytes.count)
    }

    mutating func append(contentsOf other: TextColumn) {
        let start = bytes.count
        bytes.append(contentsOf: other.bytes)
        for end in other.ends { ends.append(start + end) }
    }

    mutating func removeFirst(_ count: Int) {
        guard count > 0 else { return }
        let start = ends[count - 1]
        bytes.removeFirst(start)
        ends.removeFirst(count)
        for row in ends.indices { ends[row] -= start }
    }

    /// The texts of some rows, in their order.
    func taking(_ rows: some Collection<Int>) -> TextColumn {
        var taken = TextColumn()
        taken.reserveCapacity(rows.count, bytesOfText: bytes.count / max(1, count) + 1)
        for row in rows {
            taken.bytes.append(contentsOf: bytes[range(of: row)])
            taken.ends.append(taken.bytes.count)
        }
        return taken
    }
}
