/// The records of a CSV text, one after the other, as RFC 4180 has them: cells in double quotes may hold commas, line ends and
/// doubled quotes. A line may end in LF alone, too, and another byte may separate the cells.
struct CSVRecords {
    struct Fault: Error, Equatable {
        /// Counted from 1.
        let line: Int
        let problem: String
    }

    /// Where the text of a cell lies among the bytes, without its quotes.
    struct Cell {
        /// The offset above the length above a bit that tells doubled quotes: a file has a great many cells.
        private let packed: UInt64

        static let lengthMax = 1 << 24
        /// What a record that is too short has in its place.
        static let absent = Cell(packed: .max)

        private init(packed: UInt64) { self.packed = packed }

        init(_ range: Range<Int>, hasDoubledQuotes: Bool = false) {
            packed = UInt64(range.lowerBound) << 26 | UInt64(range.count) << 1 | (hasDoubledQuotes ? 1 : 0)
        }

        var isAbsent: Bool { packed == .max }
        var hasDoubledQuotes: Bool { packed & 1 == 1 }
        var range: Range<Int> {
            let start = Int(packed >> 26)
            return start..<start + Int(packed >> 1 & 0x1FF_FFFF)
        }
    }

    let bytes: [UInt8]
    private let separator: UInt8
    /// Of each byte whether it can stand within a cell without quotes.
    private let isPlain: [Bool]
    private let recordBytesMax: Int
    private var at = 0
    private var line = 1
    /// Where the record that was read last begins, counted from 1.
    private(set) var recordLine = 1

    /// - Parameter recordBytesMax: it bounds the memory that a record takes, which is many times its text.
    init(of bytes: [UInt8], separator: UInt8 = UInt8(ascii: ","), recordBytesMax: Int) {
        precondition(recordBytesMax <= Cell.lengthMax, "a cell tells its length in 25 bits")
        self.bytes = bytes
        self.separator = separator
        isPlain = (0...UInt8.max).map { $0 != separator && $0 != UInt8(ascii: "\"") && !Self.isLineEnd($0) }
        self.recordBytesMax = recordBytesMax
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    }

    /// The cells of the next record; nil behind the last. Empty lines are left out.
    mutating func next() throws(Fault) -> [String]? {
        var cells: [Cell] = []
        guard try next(&cells) > 0 else { return nil }
        var texts: [String] = []
        for cell in cells { texts.append(try text(of: cell)) }
        return texts
    }

    /// The text of a cell of the record that was read last.
    func text(of cell: Cell) throws(Fault) -> String {
        guard let text = bytes.text(of: cell) else { throw fault("a cell that is not UTF-8") }
        return text
    }

    /// Adds the cells of the next record.
    /// - Returns: how many there are; 0 behind the last record.
    mutating func next(_ cells: inout [Cell]) throws(Fault) -> Int {
        let all = bytes
        let bytes = all.span
        let plain = isPlain
        let isPlain = plain.span
        var at = at
        defer { self.at = at }
        while at < bytes.count, Self.isLineEnd(bytes[at]) { skipLineEnd(&at) }
        guard at < bytes.count else { return 0 }
        recordLine = line
        let (start, before) = (at, cells.count)
        while true {
            if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
                cells.append(try quotedCell(&at, from: start))
            } else {
                let first = at
                while at < bytes.count, isPlain[Int(bytes[at])] { at += 1 }
                guard at == bytes.count || bytes[at] != UInt8(ascii: "\"") else {
                    throw fault("a quote within a cell that does not begin with one")
                }
                try checkSize(at - start)
                cells.append(Cell(first..<at))
            }
            guard at < bytes.count, bytes[at] == separator else { break }
            at += 1
        }
        if at < bytes.count { skipLineEnd(&at) }
        return cells.count - before
    }

    private mutating func quotedCell(_ at: inout Int, from start: Int) throws(Fault) -> Cell {
        at += 1
        let first = at
        var hasDoubledQuotes = false
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\"") {
                guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
                    guard at == bytes.count || bytes[at] == separator || Self.isLineEnd(bytes[at]) else {
                        throw fault("\(separatorName) or the line's end expected behind a cell in quotes")
                    }
                    return Cell(first..<at - 1, hasDoubledQuotes: hasDoubledQuotes)
                }
                hasDoubledQuotes = true
                at += 1
            } else if byte == 0x0A {
                line += 1
            }
            try checkSize(at - start)
        }
        throw fault("a cell without its closing quote")
    }

    private func checkSize(_ size: Int) throws(Fault) {
        guard size <= recordBytesMax else { throw fault("a record of more than \(recordBytesMax) bytes") }
    }

    private var separatorName: String {
        separator == UInt8(ascii: ",") ? "a comma" : separator == UInt8(ascii: ";") ? "a semicolon" : "a tab"
    }

    @inline(__always)
    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    private mutating func skipLineEnd(_ at: inout Int) {
        if bytes[at] == 0x0D, at + 1 < bytes.count, bytes[at + 1] == 0x0A { at += 1 }
        at += 1
        line += 1
    }

    private func fault(_ problem: String) -> Fault { Fault(line: line, problem: problem) }
}

extension [UInt8] {
    /// Nil where it is not UTF-8.
    func text(of cell: CSVRecords.Cell) -> String? {
        guard cell.hasDoubledQuotes else { return String(validating: self[cell.range], as: UTF8.self) }
        var text: [UInt8] = []
        var isSecond = false
        for byte in self[cell.range] {
            // Of two quotes the second is left out.
            isSecond = byte == UInt8(ascii: "\"") && !isSecond
            if byte != UInt8(ascii: "\"") || isSecond { text.append(byte) }
        }
        return String(validating: text, as: UTF8.self)
    }
}
