package import Documents

/// A checksum over the very bytes of a document, as its last member: `{…,"checksum":"crc32c:89abcdef"}`.
///
/// For what is read as often as it is written: unlike `Seal`, it needs the document neither parsed nor written anew.
package enum ByteSeal {
    private static let head = Array(#","checksum":"crc32c:"#.utf8)
    private static let digits = 8
    private static let tail = Array(#""}"#.utf8)

    /// The text of an object that has members, in one line, with its checksum.
    package static func close(_ document: JSON) -> [UInt8] {
        close(object: document.bytes)
    }

    /// The same of the text of such an object.
    static func close(object text: consuming [UInt8]) -> [UInt8] {
        var body = text
        body.removeLast()
        let checksum = CRC32C.checksum(body.span)
        body += head
        body += checksum.hexText.utf8
        body += tail
        return body
    }

    /// Whether these are the bytes that `close` gave.
    package static func isWhole(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        let seal = bytes.suffix(head.count + digits + tail.count)
        let body = bytes.dropLast(seal.count)
        return seal.elementsEqual([head, Array(CRC32C.checksum(body).hexText.utf8), tail].joined())
    }
}
