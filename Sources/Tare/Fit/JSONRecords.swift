import Documents

/// The records of a file of NDJSON, or of a JSON array of objects.
struct JSONRecords {
    private(set) var records: [JSON] = []
    /// Where each begins: its line, or in an array its number, counted from 1.
    private(set) var places: [Int] = []
    private(set) var placeName = "line"
    private let name: String

    /// - Parameter name: what messages call the file.
    init(array bytes: [UInt8], name: String) throws(RowsFileError) {
        self.name = name
        records = try parse(bytes[...], at: name).elements ?? []
        for (index, element) in records.enumerated() {
            try requireObject(element, at: "element \(index + 1) of \(name)")
        }
        places = Array(1..<records.count + 1)
        placeName = "element"
    }

    init(lines bytes: [UInt8], name: String) throws(RowsFileError) {
        self.name = name
        // One object over several lines is a file of one row.
        if let document = try? JSON(parsing: bytes) {
            records = [document]
            places = [1]
            return
        }
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
        where !line.allSatisfy(\.isWhite) {
            let place = "line \(index + 1) of \(name)"
            let record = try parse(line, at: place)
            try requireObject(record, at: place)
            records.append(record)
            places.append(index + 1)
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
    var isWhite: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
