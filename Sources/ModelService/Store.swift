package import Documents
import Regression
package import Specification

/// What one training takes on, whatever there is in a store.
package struct RowBounds: Sendable, Equatable {
    /// Levels beyond which no model is fitted: each is a column, and a fit takes memory for each pair of columns.
    package var levelsMax = Formula.columnsMax / 2
    /// Rows that are read at most.
    package var rowsMax = 2 * RowChoice.countMax

    package init() {}

    /// Whether there are more rows, or rows of more levels.
    package func isExceeded(rows: Int, levels: Int) -> Bool { rows > rowsMax || levels > levelsMax }
}

/// Where joined rows are kept. Calls block; none is made from a thread that serves predictions.
package protocol Store: Sendable {
    /// Writes each row unless one of the same `Observation.identity` is there. When it returns, what it wrote is durable.
    /// - Throws: `StoreError`. Then a part of the rows may have been written, and the same call may be made again.
    func record(_ rows: [Observation]) throws(StoreError) -> Recorded

    /// The place behind all rows that there are.
    /// - Parameter latest: rows of a later time are no place to go on from; nil where any time will do.
    func end(notAfter latest: Timestamp?) throws(StoreError) -> StorePlace

    /// The rows behind a place, whoever wrote them, in the order of the places. A place that is none of this store's, as
    /// after it was replaced, counts as its end.
    /// - Parameter latest: rows of a later time may be left for another call; nil where any time will do.
    func rows(
        after place: StorePlace, notAfter latest: Timestamp?, limit: Int
    ) throws(StoreError) -> StorePage

    /// The newest rows by timestamp, newest first. Rows of one timestamp have a fixed order that does not depend on when
    /// they were written, so that the same rows always give the same model. Rows without one, which only others write,
    /// come after all that have one, by insertion. The cost does not grow with the number of rows stored.
    func newest(_ count: Int) throws(StoreError) -> [Observation]

    /// The same rows by columns, oldest first: what a training reads of them.
    func newestColumns(_ count: Int, _ specification: ModelSpecification) throws(StoreError) -> ObservedColumns

    /// The newest rows of each level, as `newest` orders them, one level after the other in byte order. Rows without a
    /// level are not among them. The cost grows with the number of levels, not of rows.
    /// - Parameter bounds: once there are rows of more levels, or more rows, no further level is read.
    func newestOfEachLevel(_ count: Int, within bounds: RowBounds) throws(StoreError) -> [Observation]

    /// The newest rows of times before one, newest first and those of one time in the order of `newest`. Rows without a
    /// time are not among them. The cost does not grow with the number of rows stored.
    func newest(_ count: Int, before time: Timestamp) throws(StoreError) -> [Observation]

    /// Asks the database for the least that shows that it answers.
    func check() throws(StoreError)

    /// Lets go of connections and files. No other call follows.
    func close()
}

extension Store {
    package func newestColumns(
        _ count: Int, _ specification: ModelSpecification
    ) throws(StoreError) -> ObservedColumns {
        ObservedColumns(oldestFirst: try newest(count).reversed(), specification)
    }

    package func newestOfEachLevel(_ count: Int) throws(StoreError) -> [Observation] {
        try newestOfEachLevel(count, within: RowBounds())
    }
}

/// What became of rows that were to be recorded.
package struct Recorded: Sendable, Equatable {
    package enum Row: Sendable, Equatable {
        case new
        /// The same row was there, or came earlier among these.
        case repeated
        /// There was a row of the same identity that was measured otherwise, and it stays. Indirect, so that what became of
        /// the many rows that are new takes a word each.
        indirect case conflicting(kept: Observation)
        /// It waits in the journal for the store.
        case journaled

        /// - Parameter kept: the row that is there; nil where it cannot be read.
        package init(_ given: Observation, kept: Observation?) {
            self = kept.map { given.isMeasured(as: $0) ? .repeated : .conflicting(kept: $0) } ?? .repeated
        }

        package var isNew: Bool { if case .new = self { true } else { false } }
        var isConflicting: Bool { if case .conflicting = self { true } else { false } }
    }

    /// One for each row, in their order.
    package var rows: [Row]
    /// Where the new rows are, if the store knows that no others lie between them.
    package var span: StoreSpan?

    package init(_ rows: [Row], span: StoreSpan? = nil) {
        self.rows = rows
        self.span = span
    }

    package var newCount: Int { rows.count(where: \.isNew) }

    /// Those of the rows that were to be recorded which are new.
    func newOnes(of given: [Observation]) -> [Observation] {
        newCount == given.count ? given : zip(given, rows).filter(\.1.isNew).map(\.0)
    }
}

/// A place between the rows of a store.
package enum StorePlace: Sendable, Equatable {
    /// Behind so many rows in the order in which they were written.
    case sequence(Int64)
    /// Behind the rows up to this time, in a store that does not know in which order they were written; nil in an empty
    /// one. A row that is written later with an earlier time lies before the place.
    case time(Timestamp?)

    /// Whether a row that was just written lies before this place, so that reading on from here never meets it.
    func isPast(_ row: Observation) -> Bool {
        switch self {
        case .sequence: false
        case .time(let place): place.map { place in row.timestamp.map { $0 <= place } ?? true } ?? false
        }
    }
}

/// What lies between two places.
package struct StoreSpan: Sendable, Equatable {
    package let start: StorePlace
    package let end: StorePlace

    package init(start: StorePlace, end: StorePlace) {
        self.start = start
        self.end = end
    }
}

/// Some rows behind a place, and the place behind them.
package struct StorePage: Sendable, Equatable {
    package let rows: [Observation]
    package let end: StorePlace
    /// Whether there may be more.
    package let isFull: Bool

    package init(rows: [Observation], end: StorePlace, isFull: Bool) {
        self.rows = rows
        self.end = end
        self.isFull = isFull
    }
}

/// Why the store did not do what it was asked.
package struct StoreError: Error, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// The database is away or busy; the same call may succeed later.
        case unavailable
        /// The database answered, and refused; asking again changes nothing.
        case refused
    }

    package let kind: Kind
    /// What was tried and what the database said, in one line and without credentials.
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
