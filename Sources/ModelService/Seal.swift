import Digest
import Documents
import Specification

/// The checksum that a document carries as its last member, so that damage is found when it is read.
///
/// It is over the compact text of all members before it: white space may change, nothing else. What an answer adds behind
/// it is not covered. It is no signature: whoever can write the file can write its checksum too.
enum Seal {
    static let member = "checksum"

    static func close(_ members: [JSON.Member]) -> JSON {
        .object(members + [JSON.Member(member, .string(checksum(members)))])
    }

    /// - Throws: where the checksum is missing or another.
    static func check(_ document: JSON, in reader: DocumentReader) throws(ModelDocumentError) {
        let given = try reader.text(member)
        let needed = checksum((document.members ?? []).prefix { $0.name != member })
        guard given == needed else {
            throw reader.mismatch(member, "'\(needed)': the document is not as it was written")
        }
    }

    private static func checksum(_ members: some Sequence<JSON.Member>) -> String {
        "sha256:" + SHA256.hex(JSON.object(Array(members)).bytes)
    }
}
