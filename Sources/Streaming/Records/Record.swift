package import Documents

/// One record as it goes onto a topic.
package struct Record: Sendable, Equatable {
    package enum Key: Sendable, Equatable {
        /// The identifier as UTF-8.
        case text(String)
        /// ksqlDB's key of a window: the group key as UTF-8, then the window's start in milliseconds as eight bytes,
        /// big-endian. There is no separator and no end.
        case window(groupKey: String, start: Timestamp)
    }

    package var topic: String
    package var key: Key
    package var time: Timestamp
    /// Nil is a tombstone.
    package var value: JSON?
}

extension Record.Key {
    package var bytes: [UInt8] {
        switch self {
        case .text(let text): Array(text.utf8)
        case .window(let groupKey, let start):
            Array(groupKey.utf8)
                + (0..<8).reversed().map { UInt8(truncatingIfNeeded: start.milliseconds >> (8 * Int64($0))) }
        }
    }

    /// Takes the key of a window apart; nil where it is shorter than the start alone.
    static func windowStart(_ bytes: [UInt8]) -> Timestamp? {
        guard bytes.count >= 8 else { return nil }
        let start = bytes.suffix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return Timestamp(milliseconds: start)
    }
}

/// One record as it comes from a topic: bytes that may be anything.
package struct RawRecord: Sendable, Equatable {
    package var topic: String
    package var key: [UInt8]?
    package var time: Timestamp
    package var value: [UInt8]?

    package init(topic: String, key: [UInt8]?, time: Timestamp, value: [UInt8]?) {
        self.topic = topic
        self.key = key
        self.time = time
        self.value = value
    }
}

/// Why a record or an event cannot be used, in words for the one who sent it.
package struct RecordProblem: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
