/// Where joined rows are kept. Calls block; none is made from a thread that serves predictions.
package protocol Store: Sendable {
    /// Writes each row unless one of the same `Observation.identity` is there. When it returns, what it wrote is durable.
    /// - Returns: how many rows were new; the others were there before, or came twice in `rows`.
    /// - Throws: `StoreError`. Then a part of the rows may have been written, and the same call may be made again.
    func record(_ rows: [Observation]) throws(StoreError) -> Int

    /// The newest rows by timestamp, newest first. Rows of one timestamp have a fixed order that does not depend on when
    /// they were written, so that the same rows always give the same model. Rows without one, which only others write,
    /// come after all that have one, by insertion. The cost does not grow with the number of rows stored.
    func newest(_ count: Int) throws(StoreError) -> [Observation]

    /// The newest rows of each level, as `newest` orders them, one level after the other in byte order. Rows without a
    /// level are not among them. The cost grows with the number of levels, not of rows.
    func newestOfEachLevel(_ count: Int) throws(StoreError) -> [Observation]

    /// Asks the database for the least that shows that it answers.
    func check() throws(StoreError)

    /// Lets go of connections and files. No other call follows.
    func close()
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
