import Documents
import ModelService
import Program
import Regression

/// The cells of a CSV file: where each lies, row by row, and what is in them, column by column.
struct CSVColumns {
    let header: [String]
    private let bytes: [UInt8]
    /// Row by row, one for each name of the header.
    private let cells: [CSVRecords.Cell]
    let rowCount: Int
    /// Rows that do not begin in the line behind that where the row before begins, such as the first, and the lines where
    /// they begin, counted from 1.
    private let lineBreaks: [(row: Int, line: Int)]
    /// The rows that have more cells or fewer than the header: how many they have. Those with more have none: of which
    /// column the cells too many are, nobody can say.
    let cellCounts: [Int: Int]
    private let hasDecimalCommas: Bool

    /// Of a whole record: what is larger is no row.
    private static let recordBytesMax = 16 << 20

    /// - Parameter name: what messages call the file.
    init(_ bytes: [UInt8], name: String) throws(RowsFileError) {
        let separator = Self.separator(of: bytes)
        do throws(CSVRecords.Fault) {
            var records = CSVRecords(of: bytes, separator: separator, recordBytesMax: Self.recordBytesMax)
            header = try records.next()?.map(\.trimmed) ?? []
            let width = header.count
            var (cells, lineBreaks, cellCounts): ([CSVRecords.Cell], [(row: Int, line: Int)], [Int: Int]) = (
                [], [], [:]
            )
            var (row, line) = (0, 0)
            // A cell takes a byte at least.
            cells.reserveCapacity(min(width * Self.rowsExpected(bytes), bytes.count + 1))
            while case let count = try records.next(&cells), count > 0 {
                if count != width {
                    cellCounts[row] = count
                    if count > width { cells.removeLast(count) }
                    let missing = count > width ? width : width - count
                    cells += repeatElement(.absent, count: missing)
                }
                if row == 0 || records.recordLine != line + 1 { lineBreaks.append((row, records.recordLine)) }
                line = records.recordLine
                row += 1
            }
            if let line = Self.lineThatIsNotUTF8(bytes) {
                throw CSVRecords.Fault(line: line, problem: "a cell that is not UTF-8")
            }
            (self.cells, rowCount, self.lineBreaks, self.cellCounts) = (cells, row, lineBreaks, cellCounts)
        } catch {
            throw RowsFileError("line \(error.line) of \(name) is not CSV: \(error.problem)")
        }
        self.bytes = bytes
        hasDecimalCommas = separator == UInt8(ascii: ";")
    }

    /// Where a row begins, counted from 1.
    func line(of row: Int) -> Int {
        let known = lineBreaks[lineBreaks.firstPlace { $0.row > row } - 1]
        return known.line + row - known.row
    }

    /// The text of a cell without white space at its ends; nil where the row is too short.
    func text(_ row: Int, _ column: Int) -> String? {
        let cell = cells[row * header.count + column]
        guard !cell.isAbsent, let text = bytes.text(of: cell)?.trimmed else { return nil }
        guard hasDecimalCommas, text.contains(",") else { return text }
        let withPoint = text.replacing(",", with: ".", maxReplacements: 1)
        return DecimalNumber.parse(withPoint) == nil ? text : withPoint
    }

    /// The numbers of a column; not a number where a cell has none.
    func numbers(_ column: Int) -> [Double] {
        var numbers: [Double] = []
        numbers.reserveCapacity(rowCount)
        for row in 0..<rowCount { numbers.append(number(row, column) ?? .nan) }
        return numbers
    }

    /// Whether all cells of a column are numbers or missing.
    func isOfNumbers(_ column: Int) -> Bool {
        (0..<rowCount).allSatisfy { row in
            number(row, column) != nil || FileCell.isMissing(text(row, column).map { .string($0) })
        }
    }

    /// The levels of a column; -1 where a cell is missing.
    func levels(_ column: Int) -> FactorColumn {
        var interner = LevelInterner()
        var codes: [Int32] = []
        codes.reserveCapacity(rowCount)
        for row in 0..<rowCount {
            let cell = cells[row * header.count + column]
            guard !cell.isAbsent else {
                codes.append(-1)
                continue
            }
            codes.append(
                interner.code(of: bytes[cell.range]) {
                    FileCell.level(text(row, column).map { .string($0) })
                })
        }
        return FactorColumn(names: interner.names, codes: codes)
    }

    @inline(__always)
    private func number(_ row: Int, _ column: Int) -> Double? {
        let cell = cells[row * header.count + column]
        if cell.isAbsent { return nil }
        if let number = DecimalNumber.parse(bytes, cell.range) { return number }
        // What is plain text has a letter first; what else it can be is looked at as a text.
        return text(row, column).flatMap { DecimalNumber.parse($0) }
    }

    /// Rather too many, by those at the beginning: room that is not used takes no memory.
    private static func rowsExpected(_ bytes: [UInt8]) -> Int {
        let sample = bytes.prefix(1 << 16)
        return (sample.count { $0 == 0x0A } + 1) * (bytes.count / max(1, sample.count) + 1) / 8 * 9 + 1
    }

    /// A comma, unless the first line has none outside of quotes: then what else spreadsheets write, the more frequent one.
    private static func separator(of bytes: [UInt8]) -> UInt8 {
        var (commas, semicolons, tabs) = (0, 0, 0)
        var isQuoted = false
        for byte in bytes.prefix(while: { $0 != 0x0A && $0 != 0x0D }) {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted: commas += 1
            case UInt8(ascii: ";") where !isQuoted: semicolons += 1
            case UInt8(ascii: "\t") where !isQuoted: tabs += 1
            default: break
            }
        }
        guard commas == 0, semicolons + tabs > 0 else { return UInt8(ascii: ",") }
        return tabs > semicolons ? UInt8(ascii: "\t") : UInt8(ascii: ";")
    }

    /// Counted from 1; nil where all is UTF-8.
    private static func lineThatIsNotUTF8(_ bytes: [UInt8]) -> Int? {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return bytes[..<error.byteOffsets.lowerBound].count { $0 == 0x0A } + 1
        }
    }
}

/// The levels that the cells of a column name. Most cells hold bytes that were seen before.
private struct LevelInterner {
    private(set) var names: [String] = []
    /// By the bytes of a cell, whose text may need trimming.
    private var codes: [ArraySlice<UInt8>: Int32] = [:]
    private var codesOfNames: [String: [Int32]] = [:]
    private var recent: [(bytes: ArraySlice<UInt8>, code: Int32)] = []

    private static let recentMax = 8

    /// - Parameter name: nil where the cell is missing.
    mutating func code(of bytes: ArraySlice<UInt8>, _ name: () -> String?) -> Int32 {
        for entry in recent where entry.bytes == bytes { return entry.code }
        if let code = codes[bytes] { return code }
        let code = name().map { self.code(ofName: $0) } ?? -1
        codes[bytes] = code
        if recent.count < Self.recentMax { recent.append((bytes, code)) }
        return code
    }

    /// Two spellings of one text stay two names: the fit decides by which of them the level is called.
    private mutating func code(ofName name: String) -> Int32 {
        let known = codesOfNames[name] ?? []
        if let code = known.first(where: { names[Int($0)].utf8.elementsEqual(name.utf8) }) { return code }
        names.append(name)
        codesOfNames[name, default: []].append(Int32(names.count - 1))
        return Int32(names.count - 1)
    }
}
