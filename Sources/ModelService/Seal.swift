import Digest
import Documents
import Specification

/// The checksum that a document carries as its last member, so that damage is found when it is read.
///
/// It is over the compact text of all members before it: white space may change, nothing else. What an answer adds behind
/// it is not covered. It is no signature: whoever can write the file can write its checksum too.
enum Seal {
    static let member = "checksum"

    static func close(_ members: [JSON.Member]) -> SealedDocument {
        var text = JSON.object(members).bytes
        let seal = JSON.Member(member, .string(checksum(of: text)))
        text.removeLast()
        text.append(UInt8(ascii: ","))
        text += JSON.object([seal]).bytes.dropFirst()
        return SealedDocument(document: .object(members + [seal]), text: text)
    }

    /// - Throws: where the checksum is missing or another.
    static func check(_ document: JSON, in reader: DocumentReader) throws(ModelDocumentError) {
        let given = try reader.text(member)
        let sealed = (document.members ?? []).prefix { $0.name != member }
        let needed = checksum(of: JSON.object(Array(sealed)).bytes)
        guard given == needed else {
            throw reader.mismatch(member, "'\(needed)': the document is not as it was written")
        }
    }

    private static func checksum(of text: [UInt8]) -> String { "sha256:" + SHA256.hex(text) }
}

/// A document with its checksum.
struct SealedDocument {
    let document: JSON
    /// The same in one line, which the checksum was worked out of.
    let text: [UInt8]
}
