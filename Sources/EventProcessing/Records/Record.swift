package import Documents

/// One record of a topic, as it came from one or as it goes onto one: bytes that may be anything.
///
/// Here and in what is made of it the compiler's own initialiser is the one that is used for each record: one that is written
/// out sets part after part, and ends with a copy of them all.
package struct Record: Sendable, Equatable {
    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var topic: String
    /// Nil: by the key, as Java's clients choose it.
    package var partition: Int32?
    /// Nil where it stands in no log, or not yet.
    package var offset: Int64?
    package var time: Timestamp
    package var key: [UInt8]?
    /// Nil is a tombstone.
    package var value: [UInt8]?
    package var headers: [Header] = []

    /// Where it stands in a log.
    package var place: RecordPlace? {
        guard let partition, let offset else { return nil }
        return RecordPlace(topic: topic, partition: partition, offset: offset)
    }

    /// By which people find it: its place, or else its topic.
    package var name: String { place?.description ?? topic }

    /// Of several headers with one name, the last.
    package func header(_ name: String) -> String? { headers.last { $0.name == name }?.value }
}

extension Record {
    /// The compiler's own, for other targets, which do not see it.
    package init(
        _ topic: String, partition: Int32? = nil, offset: Int64? = nil, time: Timestamp, key: [UInt8]?, value: [UInt8]?,
        headers: [Header] = []
    ) {
        self.init(
            topic: topic, partition: partition, offset: offset, time: time, key: key, value: value, headers: headers)
    }
}

/// ksqlDB's key of a window: the group key as UTF-8, then the window's start in milliseconds as eight bytes, big-endian.
/// There is no separator and no end.
enum WindowKey {
    static func bytes(groupKey: String, start: Timestamp) -> [UInt8] {
        Array(groupKey.utf8)
            + (0..<8).reversed().map { UInt8(truncatingIfNeeded: start.milliseconds >> (8 * Int64($0))) }
    }

    /// Nil where the key is shorter than the start alone.
    static func start(of key: [UInt8]) -> Timestamp? {
        guard key.count >= 8 else { return nil }
        return Timestamp(milliseconds: key.suffix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) })
    }
}

/// Why a record or an event cannot be used, in words for the one who sent it.
package struct RecordProblem: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
