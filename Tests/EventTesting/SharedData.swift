import Documents
package import Foundation

/// The answers of real engines, which stand beside the project and not in it.
package enum SharedData {
    package static let kafka = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "shared/data/kafka")

    package static let isThere = FileManager.default.fileExists(atPath: kafka.path)

    package static func lines(_ path: String) throws -> [String]? {
        let file = kafka.appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}

/// What is compared of a record: its time, its key's bytes, its payload's text.
package struct ComparedRecord: Equatable {
    package let topic: String
    package let time: Int64?
    package let key: [UInt8]
    package let payload: String?

    package init(line: String) throws {
        let document = try JSON(parsing: line, repeatedNames: .lastWins)
        topic = document["topic"]?.text ?? ""
        time = document["ts"]?.integer
        if let digits = document["key_hex"]?.text.map(Array.init) {
            key = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0..<$0 + 2]), radix: 16) }
        } else {
            key = Array((document["key"]?.text ?? "").utf8)
        }
        payload = document["payload"]?.text
    }
}
