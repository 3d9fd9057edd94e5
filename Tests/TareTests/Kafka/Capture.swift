import Documents
import Foundation

@testable import EventProcessing

/// The answers of real engines, which stand beside the project and not in it.
enum Capture {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/kafka")

    static let isThere = FileManager.default.fileExists(atPath: folder.path)
    /// A scenario takes half a minute to some minutes, because every record waits for those before it.
    static let isLong = ProcessInfo.processInfo.environment["TARE_TEST_LONG"] != nil

    struct Record: Equatable {
        var topic: String
        var time: Int64
        var key: [UInt8]?
        var value: String?

        /// Its topic is left out, as the test's has another name.
        init(_ record: EventProcessing.Record) {
            topic = ""
            time = record.time.milliseconds
            key = record.key
            value = record.value.map { String(decoding: $0, as: UTF8.self) }
        }

        init(line: String) throws {
            let document = try JSON(parsing: line, repeatedNames: .lastWins)
            topic = document["topic"]?.text ?? ""
            time = document["ts"]?.integer ?? 0
            key = document["key"]?.text.map { Array($0.utf8) }
            if let digits = document["key_hex"]?.text.map(Array.init) {
                key = stride(from: 0, to: digits.count, by: 2).compactMap {
                    UInt8(String(digits[$0..<$0 + 2]), radix: 16)
                }
            }
            value = document["payload"]?.text
        }

        func outgoing(_ topic: String) -> EventProcessing.Record {
            EventProcessing.Record(
                topic: topic, time: Timestamp(milliseconds: time), key: key, value: value.map { Array($0.utf8) })
        }

        static func == (left: Record, right: Record) -> Bool {
            left.time == right.time && left.key == right.key && left.value == right.value
        }
    }

    static func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "\(name).jsonl").path)
    }

    static func records(_ name: String) throws -> [Record] {
        try String(contentsOf: folder.appending(path: "\(name).jsonl"), encoding: .utf8)
            .split(separator: "\n").map { try Record(line: String($0)) }
    }

    /// Neighbours of one topic stay together.
    static func runs(_ records: [Record]) -> [[Record]] {
        records.reduce(into: []) { runs, record in
            if runs.last?.last?.topic == record.topic {
                runs[runs.count - 1].append(record)
            } else {
                runs.append([record])
            }
        }
    }
}
