import Documents
import ModelService
import Specification

/// The events of late, numbered from 1 in their order: a value, bounded in their number and in bytes.
struct EventRing {
    struct Entry {
        let number: Int
        let type: String
        let content: EventContent
        let byteCount: Int
    }

    private let countMax: Int
    private let bytesMax: Int
    /// Those before `start` are no longer there.
    private var entries: [Entry] = []
    private var start = 0
    private var bytes = 0
    /// The number of the last event; 0 before the first.
    private(set) var last = 0

    init(countMax: Int = 2000, bytesMax: Int = 512 * 1024) {
        self.countMax = countMax
        self.bytesMax = bytesMax
    }

    /// Rows that came together; of more than find room the last ones.
    mutating func append(_ rows: [Observation], at time: Timestamp) {
        let start = max(0, rows.count - countMax)
        skip(start)
        for place in start..<rows.count { append(EventDocument.observed, .row(rows[place], at: time)) }
    }

    /// Counts events that are not kept.
    mutating func skip(_ count: Int) {
        guard count > 0 else { return }
        last += count
        (entries, start, bytes) = ([], 0, 0)
    }

    mutating func append(_ type: String, _ content: EventContent) {
        last += 1
        let byteCount = content.byteCount
        entries.append(Entry(number: last, type: type, content: content, byteCount: byteCount))
        bytes += byteCount
        while entries.count - start > countMax || bytes > bytesMax, start < entries.count {
            bytes -= entries[start].byteCount
            start += 1
        }
        // Only now and then, as all others move.
        if start > max(64, entries.count / 2) {
            entries.removeFirst(start)
            start = 0
        }
    }

    /// The events behind a number, and how many more there were that are gone.
    func events(after number: Int) -> (events: ArraySlice<Entry>, missed: Int) {
        let kept = entries[start...]
        let first = kept.first?.number ?? last + 1
        return (kept.dropFirst(max(0, number + 1 - first)), max(0, first - 1 - number))
    }
}

/// What an event tells.
enum EventContent {
    /// A JSON object, in one line.
    case document([UInt8])
    /// A row that came at a time: its document takes longer to make than all else that is done with the row, and mostly nobody
    /// listens.
    case row(Observation, at: Timestamp)

    /// What it takes in memory, about.
    var byteCount: Int {
        switch self {
        case .document(let bytes): return bytes.count
        case .row(let row, _):
            let others = row.otherLevels.reduce(0) { $0 + Self.byteCount($1) }
            return Self.rowBytes + Self.byteCount(row.identifier) + Self.byteCount(row.level)
                + Self.byteCount(row.modelTime) + others + 16 * row.predictors.count
        }
    }

    private static func byteCount(_ text: String?) -> Int { text?.utf8.count ?? 0 }

    private static let rowBytes = 250

    func bytes(_ specification: ModelSpecification) -> [UInt8] {
        switch self {
        case .document(let bytes): bytes
        case .row(let row, let time): EventDocument(observed: row, at: time, specification).document.bytes
        }
    }
}
