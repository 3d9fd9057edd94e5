import Documents
import Foundation

/// The answers of real engines, which stand beside the project and not in it.
enum SharedData {
    static let kafka = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/kafka")

    static let isThere = FileManager.default.fileExists(atPath: kafka.path)

    static func lines(_ path: String) throws -> [String]? {
        let file = kafka.appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}

/// What is compared of a record: its time, its key's bytes, its payload's text.
struct ComparedRecord: Equatable {
    let topic: String
    let time: Int64?
    let key: [UInt8]
    let payload: String?

    init(line: String) throws {
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
