import Documents

/// What stands in the file of a journal: a line that says whose rows follow, and a line for each part that was appended,
/// each with a checksum.
struct JournalText {
    private static let format = "tare-journal/1"
    /// So that no line grows beyond some hundred kilobytes.
    static let rowsPerLine = 100

    /// - Parameter store: what the rows are for, without credentials.
    static func head(store: String) -> [UInt8] {
        ByteSeal.close(["format": .string(format), "store": .string(store)]) + newline
    }

    static func lines(_ rows: [JSON]) -> [UInt8] {
        stride(from: 0, to: rows.count, by: rowsPerLine).flatMap { start in
            ByteSeal.close(["rows": .array(Array(rows[start..<min(start + rowsPerLine, rows.count)]))]) + newline
        }
    }

    private static let newline: [UInt8] = [0x0A]

    /// What a head is for; nil where it is none.
    static func store(in line: ArraySlice<UInt8>) -> String? {
        guard let document = document(in: line), document["format"] == .string(format) else { return nil }
        return document["store"]?.text
    }

    /// Nil where the line is not as it was written.
    static func rows(in line: ArraySlice<UInt8>) -> [JSON]? { document(in: line)?["rows"]?.elements }

    /// Of the bytes of a journal those lines that are as they were written.
    static func wholeLines(of bytes: [UInt8]) -> [UInt8] {
        let lines = bytes.split(separator: newline[0])
        return Array(lines.filter { store(in: $0) != nil || rows(in: $0) != nil }.map { $0 + newline }.joined())
    }

    private static func document(in line: ArraySlice<UInt8>) -> JSON? {
        ByteSeal.isWhole(line) ? try? JSON(parsing: line) : nil
    }
}

/// What was found in a journal that an earlier process left: a value.
struct JournalContents: Equatable {
    /// What the rows are for; nil where it is not said.
    private(set) var store: String?
    private(set) var headBytes = 0
    private(set) var rows = 0
    /// Up to here all lines are complete. What follows was cut off while it was written, and no caller was told that it is
    /// kept.
    private(set) var wholeBytes = 0
    /// Lines that are not as they were written.
    private(set) var damagedLines = 0

    init(_ bytes: [UInt8]) {
        var start = 0
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            take(bytes[start..<end], isFirst: start == 0)
            start = end + 1
            wholeBytes = start
            if headBytes == 0 { headBytes = start }
        }
    }

    private mutating func take(_ line: ArraySlice<UInt8>, isFirst: Bool) {
        if isFirst, let store = JournalText.store(in: line) {
            self.store = store
        } else if let found = JournalText.rows(in: line) {
            rows += found.count
        } else {
            damagedLines += 1
        }
    }
}
