import Documents
import ModelService
import Specification

/// The events of late, numbered from 1 in their order: a value, bounded in their number and in bytes. Rows that came together
/// stay together, as nobody makes a document of them before somebody listens: the oldest go some at a time.
struct EventRing {
    struct Entry {
        let number: Int
        let type: String
        fileprivate let content: EventContent
        /// Among those that stand together.
        fileprivate let place: Int

        /// A JSON object, in one line.
        func bytes(_ specification: ModelSpecification) -> [UInt8] { content.bytes(of: place, specification) }
    }

    /// Events of one kind, one after the other.
    private struct Lot {
        let first: Int
        let type: String
        let content: EventContent
        let byteCount: Int
    }

    private let countMax: Int
    private let bytesMax: Int
    private var lots = Queue<Lot>()
    private var count = 0
    private var bytes = 0
    /// The number of the last event; 0 before the first.
    private(set) var last = 0

    private static let lotRows = 64

    init(countMax: Int = 2000, bytesMax: Int = 512 * 1024) {
        self.countMax = countMax
        self.bytesMax = bytesMax
    }

    /// Rows that came together; of more than find room the last ones.
    mutating func append(_ rows: [Observation], at time: Timestamp) {
        let start = firstPlace(of: rows)
        skip(start)
        // The others are not kept in memory by these.
        let kept = start == 0 ? rows[...] : Array(rows[start...])[...]
        for place in stride(from: 0, to: kept.count, by: Self.lotRows) {
            let lot = kept[place..<min(place + Self.lotRows, kept.count)]
            append(EventDocument.observed, .rows(lot, at: time))
        }
    }

    /// Of the last ones that find room.
    private func firstPlace(of rows: [Observation]) -> Int {
        let (given, least) = (rows.span, max(0, rows.count - countMax))
        var (place, bytes) = (rows.count, 0)
        while place > least {
            bytes += EventContent.byteCount(given[place - 1])
            guard bytes <= bytesMax else { break }
            place -= 1
        }
        return place
    }

    /// Counts events that are not kept.
    mutating func skip(_ count: Int) {
        guard count > 0 else { return }
        last += count
        (lots, self.count, bytes) = (Queue(), 0, 0)
    }

    mutating func append(_ type: String, _ content: EventContent) {
        let lot = Lot(first: last + 1, type: type, content: content, byteCount: content.byteCount)
        lots.append(lot)
        last += content.count
        count += content.count
        bytes += lot.byteCount
        while count > countMax || bytes > bytesMax, let oldest = lots.popFirst() {
            count -= oldest.content.count
            bytes -= oldest.byteCount
        }
    }

    /// The events behind a number, and how many more there were that are gone.
    func events(after number: Int) -> (events: [Entry], missed: Int) {
        var events: [Entry] = []
        for lot in lots.all {
            for place in 0..<lot.content.count where lot.first + place > number {
                events.append(
                    Entry(number: lot.first + place, type: lot.type, content: lot.content, place: place))
            }
        }
        let first = lots.first(\.first) ?? last + 1
        return (events, max(0, first - 1 - number))
    }
}

/// What events tell.
enum EventContent {
    /// One: a JSON object, in one line.
    case document([UInt8])
    /// One of each row that came at a time: its document takes longer to make than all else that is done with the row, and
    /// mostly nobody listens.
    case rows(ArraySlice<Observation>, at: Timestamp)

    var count: Int {
        switch self {
        case .document: 1
        case .rows(let rows, _): rows.count
        }
    }

    /// What all of it takes in memory, about.
    var byteCount: Int {
        switch self {
        case .document(let bytes): return bytes.count
        case .rows(let rows, _):
            let rows = rows.span
            var count = 0
            for place in rows.indices { count += Self.byteCount(rows[place]) }
            return count
        }
    }

    static func byteCount(_ row: borrowing Observation) -> Int {
        var count = rowBytes + byteCount(row.identifier) + byteCount(row.level) + byteCount(row.modelTime)
        for level in row.otherLevels { count += byteCount(level) }
        return count + 16 * row.predictors.count
    }

    private static func byteCount(_ text: String?) -> Int { text?.utf8.count ?? 0 }

    private static let rowBytes = 250

    /// The document of one of them.
    func bytes(of place: Int, _ specification: ModelSpecification) -> [UInt8] {
        switch self {
        case .document(let bytes): bytes
        case .rows(let rows, let time):
            EventDocument(observed: rows[rows.startIndex + place], at: time, specification).document.bytes
        }
    }
}
