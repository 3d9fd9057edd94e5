/// The records of a CSV text, one after the other, as RFC 4180 has them: cells in double quotes may hold commas, line ends and
/// doubled quotes. A line may end in LF alone, too, and another byte may separate the cells.
struct CSVRecords {
    struct Fault: Error, Equatable {
        /// Counted from 1.
        let line: Int
        let problem: String
    }

    private let bytes: [UInt8]
    private let separator: UInt8
    private let recordBytesMax: Int
    private var at = 0
    private var line = 1
    /// Where the record that was read last begins, counted from 1.
    private(set) var recordLine = 1

    /// - Parameter recordBytesMax: it bounds the memory that a record takes, which is many times its text.
    init(of bytes: [UInt8], separator: UInt8 = UInt8(ascii: ","), recordBytesMax: Int) {
        self.bytes = bytes
        self.separator = separator
        self.recordBytesMax = recordBytesMax
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    }

    /// The cells of the next record; nil behind the last. Empty lines are left out.
    mutating func next() throws(Fault) -> [String]? {
        while at < bytes.count, isLineEnd(bytes[at]) { skipLineEnd() }
        guard at < bytes.count else { return nil }
        let start = at
        recordLine = line
        var cells: [String] = []
        while true {
            cells.append(try cell(from: start))
            guard at < bytes.count, bytes[at] == separator else { break }
            at += 1
        }
        if at < bytes.count { skipLineEnd() }
        return cells
    }

    private mutating func cell(from start: Int) throws(Fault) -> String {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return try plainCell(from: start) }
        at += 1
        var text: [UInt8] = []
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\"") {
                guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
                    guard at == bytes.count || bytes[at] == separator || isLineEnd(bytes[at]) else {
                        throw fault("\(separatorName) or the line's end expected behind a cell in quotes")
                    }
                    return try decoded(text[...])
                }
                at += 1
            } else if byte == 0x0A {
                line += 1
            }
            text.append(byte)
            try checkSize(from: start)
        }
        throw fault("a cell without its closing quote")
    }

    private mutating func plainCell(from start: Int) throws(Fault) -> String {
        let first = at
        while at < bytes.count, bytes[at] != separator, !isLineEnd(bytes[at]) {
            guard bytes[at] != UInt8(ascii: "\"") else {
                throw fault("a quote within a cell that does not begin with one")
            }
            at += 1
            try checkSize(from: start)
        }
        return try decoded(bytes[first..<at])
    }

    private func checkSize(from start: Int) throws(Fault) {
        guard at - start <= recordBytesMax else { throw fault("a record of more than \(recordBytesMax) bytes") }
    }

    private var separatorName: String {
        separator == UInt8(ascii: ",") ? "a comma" : separator == UInt8(ascii: ";") ? "a semicolon" : "a tab"
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    private mutating func skipLineEnd() {
        if bytes[at] == 0x0D, at + 1 < bytes.count, bytes[at + 1] == 0x0A { at += 1 }
        at += 1
        line += 1
    }

    private func decoded(_ text: ArraySlice<UInt8>) throws(Fault) -> String {
        guard let text = String(validating: text, as: UTF8.self) else { throw fault("a cell that is not UTF-8") }
        return text
    }

    private func fault(_ problem: String) -> Fault { Fault(line: line, problem: problem) }
}
