import Documents
import EventProcessing

/// What outlives a process that plays the sequential detector: what it knows, and of which rows it knows that. The two are
/// one document, so that a process that goes on neither counts a row twice nor leaves one out, wherever the other died.
struct DetectorState: Equatable {
    /// The offsets after the last rows that it has seen.
    var positions: [TopicPartition: Int64]
    var detector: JSON

    init(positions: [TopicPartition: Int64], detector: JSON) {
        self.positions = positions
        self.detector = detector
    }

    var document: JSON {
        let places = positions.sorted { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) }
        return .object([
            JSON.Member(
                "positions",
                .array(
                    places.map { source, offset in
                        .object([
                            JSON.Member("topic", .string(source.topic)),
                            JSON.Member("partition", .integer(Int64(source.partition))),
                            JSON.Member("offset", .integer(offset)),
                        ])
                    })), JSON.Member("detector", detector),
        ])
    }

    /// Nil where the document is another.
    init?(_ document: JSON) {
        guard let places = document["positions"]?.elements, let detector = document["detector"] else { return nil }
        positions = [:]
        for place in places {
            guard let topic = place["topic"]?.text, let offset = place["offset"]?.integer,
                let partition = place["partition"]?.integer.flatMap({ Int32(exactly: $0) })
            else { return nil }
            positions[TopicPartition(topic, partition)] = offset
        }
        self.detector = detector
    }
}

/// A document as records of a compacted topic, in parts that any broker takes. Two sets of keys take turns, so that one
/// that was not written to its end leaves the one before it whole, also after compaction.
enum StateRecords {
    static let partSize = 500_000
    /// More than two documents with 1,000 levels have.
    static let countMax: Int64 = 32
    /// Far beyond all that are written, and another one can follow.
    private static let generationMax: Int64 = 1 << 52

    private static let (generationName, partName, countName) = ("generation", "part", "parts")

    static func records(of document: JSON, generation: Int64, topic: String, at time: Timestamp) -> [Record] {
        let bytes = document.bytes
        let starts = Array(stride(from: 0, to: bytes.count, by: partSize))
        return starts.enumerated().map { number, start in
            Record(
                topic, partition: 0, time: time, key: Array("\(generation % 2)/\(number)".utf8),
                value: Array(bytes[start..<min(start + partSize, bytes.count)]),
                headers: [
                    Record.Header(generationName, String(generation)), Record.Header(partName, String(number)),
                    Record.Header(countName, String(starts.count)),
                ])
        }
    }

    /// The newest document of which all parts are there.
    static func newest(in records: [Record]) -> (document: JSON, generation: Int64)? {
        var parts: [Int64: [Int: [UInt8]]] = [:]
        var counts: [Int64: Int] = [:]
        for record in records {
            guard let generation = number(generationName, of: record, in: 0...generationMax),
                let count = number(countName, of: record, in: 1...Int(countMax)),
                let part = number(partName, of: record, in: 0...count - 1), let value = record.value
            else { continue }
            parts[generation, default: [:]][part] = value
            counts[generation] = count
        }
        for generation in parts.keys.sorted(by: >) {
            let found = (0..<(counts[generation] ?? 0)).compactMap { parts[generation]?[$0] }
            guard found.count == counts[generation], let document = try? JSON(parsing: Array(found.joined())) else {
                continue
            }
            return (document, generation)
        }
        return nil
    }

    /// Nil where the header is missing, or holds what was never written.
    private static func number<Number: FixedWidthInteger>(
        _ name: String, of record: Record, in range: ClosedRange<Number>
    ) -> Number? {
        record.header(name).flatMap { Number($0) }.flatMap { range.contains($0) ? $0 : nil }
    }
}
