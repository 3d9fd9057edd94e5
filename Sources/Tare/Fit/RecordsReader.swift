import Documents

/// Cuts the bytes of a file into records.
struct RecordsReader {
    struct Records {
        var records: [JSON] = []
        var places: [Int] = []
        var header: [String] = []
        var cellCounts: [Int: Int] = [:]
        var isCSV = false
        var placeName = "line"
    }

    let name: String

    func read(_ bytes: [UInt8]) throws(RowsFileError) -> Records {
        guard let first = bytes.first(where: { !$0.isWhite }) else {
            throw RowsFileError("\(name) is empty; accepted are CSV with a header, NDJSON, or a JSON array of objects")
        }
        switch first {
        case UInt8(ascii: "["): return try elements(of: bytes)
        case UInt8(ascii: "{"): return try lines(of: bytes)
        default: return try rows(of: bytes)
        }
    }

    private func elements(of bytes: [UInt8]) throws(RowsFileError) -> Records {
        let elements = try parse(bytes[...], at: name).elements ?? []
        for (index, element) in elements.enumerated() {
            try requireObject(element, at: "element \(index + 1) of \(name)")
        }
        return Records(records: elements, places: Array(1..<elements.count + 1), placeName: "element")
    }

    private func lines(of bytes: [UInt8]) throws(RowsFileError) -> Records {
        // One object over several lines is a file of one row.
        if let document = try? JSON(parsing: bytes) { return Records(records: [document], places: [1]) }
        var read = Records()
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
        where !line.allSatisfy(\.isWhite) {
            let place = "line \(index + 1) of \(name)"
            let record = try parse(line, at: place)
            try requireObject(record, at: place)
            read.records.append(record)
            read.places.append(index + 1)
        }
        return read
    }

    private func rows(of bytes: [UInt8]) throws(RowsFileError) -> Records {
        let separator = Self.separator(of: bytes)
        var reader = CSVRecords(of: bytes, separator: separator, recordBytesMax: Self.recordBytesMax)
        var read = Records(isCSV: true)
        guard let header = try next(of: &reader)?.map(\.trimmed) else { return read }
        try requireDistinct(header)
        read.header = header
        while let cells = try next(of: &reader) {
            if cells.count != header.count { read.cellCounts[read.records.count] = cells.count }
            // Of which column the cells too many are, nobody can say.
            let row = cells.count > header.count ? [] : cells
            read.records.append(
                .object(zip(header, row).map { JSON.Member($0, .string(Self.cell($1, separator: separator))) }))
            read.places.append(reader.recordLine)
        }
        return read
    }

    private func next(of reader: inout CSVRecords) throws(RowsFileError) -> [String]? {
        do throws(CSVRecords.Fault) {
            return try reader.next()
        } catch {
            throw RowsFileError("line \(error.line) of \(name) is not CSV: \(error.problem)")
        }
    }

    /// Of a whole record: what is larger is no row.
    private static let recordBytesMax = 16 << 20

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

    /// Where semicolons separate the cells, `1,5` is a number as `1.5` is.
    private static func cell(_ text: String, separator: UInt8) -> String {
        let text = text.trimmed
        guard separator == UInt8(ascii: ";"), text.contains(",") else { return text }
        let withPoint = text.replacing(",", with: ".", maxReplacements: 1)
        return DecimalNumber.parse(withPoint) == nil ? text : withPoint
    }

    private func requireDistinct(_ header: [String]) throws(RowsFileError) {
        var known: Set<String> = []
        if let repeated = header.first(where: { !$0.isEmpty && !known.insert($0).inserted }) {
            throw RowsFileError("\(name) has two columns of the name '\(repeated.shortened())'; rename one")
        }
    }

    private func parse(_ bytes: ArraySlice<UInt8>, at place: String) throws(RowsFileError) -> JSON {
        do throws(JSONError) {
            return try JSON(parsing: bytes)
        } catch {
            throw RowsFileError("\(place) is not JSON: \(error)")
        }
    }

    private func requireObject(_ document: JSON, at place: String) throws(RowsFileError) {
        guard document.members != nil else {
            throw RowsFileError("\(place) is \(document.kind); accepted is an object")
        }
    }
}

extension UInt8 {
    fileprivate var isWhite: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
