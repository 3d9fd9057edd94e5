import ModelService

/// The newest rows as the last training read them, so that the next one reads only those that were added since.
///
/// It holds for as long as no other process writes to the file: this one only adds rows. All are read anew from time to
/// time all the same, so that a row that was damaged meanwhile is found.
struct RowCache: Sendable {
    /// Of more rows nothing is kept, as they would take much memory for what is read once in a while.
    static let rowsMax = 5000
    /// How often rows are added before all are read anew.
    static let additionsMax = 50

    /// How many rows were asked for; there are fewer where the file has no more.
    private let countMax: Int
    /// Oldest first.
    private var columns: ObservedColumns.Builder
    /// The number of the last row of the file.
    private var end: Int64
    /// Of what other processes wrote.
    private let version: Int64
    private var additions = 0

    init(_ columns: ObservedColumns.Builder, countMax: Int, end: Int64, version: Int64) {
        self.countMax = countMax
        self.columns = columns
        self.end = end
        self.version = version
    }

    /// The rows from which on the file has to be read, by their numbers; nil where the cache is of no use.
    /// - Parameters:
    ///   - count: of the rows that are asked for.
    ///   - end: the number of the last row of the file now.
    ///   - version: of what other processes wrote by now.
    func start(of count: Int, end: Int64, version: Int64) -> Int64? {
        let isOld = version != self.version || additions >= Self.additionsMax
        // To read more than are kept takes longer than to read anew.
        return isOld || count > countMax || end < self.end || end - self.end > countMax ? nil : self.end
    }

    /// Takes the rows that were added.
    /// - Parameter read: adds them to columns.
    mutating func add(upTo end: Int64, _ read: (inout ObservedColumns.Builder) throws -> Void) rethrows {
        additions += 1
        guard end > self.end else { return }
        try read(&columns)
        columns.sort()
        columns.keepLast(countMax)
        self.end = end
    }

    /// No more than `countMax`, oldest first.
    func newest(_ count: Int) -> ObservedColumns.Builder {
        var newest = columns
        newest.keepLast(count)
        return newest
    }
}
