package import Documents

/// A checksum over the very bytes of a document, as its last member: `{…,"checksum":"crc32c:89abcdef"}`.
///
/// For what is read as often as it is written: unlike `Seal`, it needs the document neither parsed nor written anew.
package enum ByteSeal {
    private static let head = Array(#","checksum":"crc32c:"#.utf8)
    private static let digits = 8
    private static let tail = Array(#""}"#.utf8)
    private static let sealBytes = head.count + digits + tail.count

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

    /// Of what `close` makes of such a text.
    static func byteCount(ofClosed text: [UInt8]) -> Int { text.count - 1 + sealBytes }

    /// Whether a checksum stands at the end, right or wrong.
    static func isClosed(_ bytes: [UInt8]) -> Bool {
        bytes.suffix(tail.count).elementsEqual(tail)
            && bytes.dropLast(tail.count + digits).suffix(head.count).elementsEqual(head)
    }

    /// Whether these are the bytes that `close` gave.
    package static func isWhole(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        let seal = bytes.suffix(sealBytes)
        let body = bytes.dropLast(seal.count)
        return seal.elementsEqual([head, Array(CRC32C.checksum(body).hexText.utf8), tail].joined())
    }
}
