/// Where requests end, as a reader sees it that looks for nothing else and refuses nothing: it has all bytes at once, and
/// shares no line with `RequestReader`.
struct ReferenceRequests {
    /// The index behind each request that is whole.
    private(set) var ends: [Int] = []

    init(_ bytes: [UInt8]) {
        var start = 0
        while let end = Self.end(bytes, from: start) {
            ends.append(end.index)
            if end.isLast { return }
            start = end.index
        }
    }

    private static func end(_ bytes: [UInt8], from first: Int) -> (index: Int, isLast: Bool)? {
        let start = bytes[first...].starts(with: lineBreak) ? first + 2 : first
        guard let headEnd = index(behind: lineBreak + lineBreak, in: bytes, from: start) else { return nil }
        // A byte a character, so that none joins its neighbour.
        let head = String(String.UnicodeScalarView(bytes[start..<headEnd - 4].map { Unicode.Scalar($0) }))
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let (name, value) = (parts[0].lowercased(), parts.count > 1 ? trimmed(parts[1]) : "")
            fields[name] = fields[name].map { "\($0),\(value)" } ?? value
        }
        let options = (fields["connection"] ?? "").lowercased().split(separator: ",").map(trimmed)
        let isOld = lines[0].hasSuffix("HTTP/1.0")
        let isLast = options.contains("close") || (isOld && !options.contains("keep-alive"))
        if fields["transfer-encoding"]?.lowercased() == "chunked" {
            return chunksEnd(bytes, from: headEnd).map { ($0, isLast) }
        }
        let length = fields["content-length"].flatMap { Int($0) } ?? 0
        let end = headEnd.addingReportingOverflow(length)
        return length >= 0 && !end.overflow && end.partialValue <= bytes.count ? (end.partialValue, isLast) : nil
    }

    private static func chunksEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var start = start
        while let lineEnd = index(behind: lineBreak, in: bytes, from: start) {
            let digits = bytes[start..<lineEnd - 2].prefix { $0 != UInt8(ascii: ";") }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0 else { return nil }
            let end = lineEnd.addingReportingOverflow(size)
            guard !end.overflow, end.partialValue + 2 <= bytes.count else { return nil }
            start = end.partialValue + 2
            if size == 0 { return start }
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(String(text.drop(while: isSpace).reversed()).drop(while: isSpace).reversed())
    }

    private static let lineBreak: [UInt8] = [0x0D, 0x0A]

    private static func index(behind part: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= part.count, start <= bytes.count - part.count else { return nil }
        for index in start...bytes.count - part.count where bytes[index..<index + part.count].elementsEqual(part) {
            return index + part.count
        }
        return nil
    }
}
