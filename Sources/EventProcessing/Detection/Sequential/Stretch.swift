import Documents

/// What of an evaluation is gathered.
struct ObservedRow {
    /// Counted from 1, over all levels.
    let number: Int
    let identifier: String
    let time: Timestamp
    /// Nil where there is none to tell.
    let error: Double?
}

/// Rows from one on: of a level, or of all.
struct Stretch: Sendable, Equatable {
    let firstRow: Int
    let firstIdentifier: String
    private(set) var start: Timestamp
    /// Of the latest row in it.
    private(set) var latest: Timestamp
    private(set) var errorSum: Double
    private(set) var errorCount: Int
    private(set) var count: Int

    init(_ row: ObservedRow) {
        self.init(
            firstRow: row.number, firstIdentifier: row.identifier, start: row.time, latest: row.time,
            errorSum: row.error ?? 0, errorCount: row.error == nil ? 0 : 1, count: 1)
    }

    init(
        firstRow: Int, firstIdentifier: String, start: Timestamp, latest: Timestamp, errorSum: Double, errorCount: Int,
        count: Int
    ) {
        self.firstRow = firstRow
        self.firstIdentifier = firstIdentifier
        self.start = start
        self.latest = latest
        self.errorSum = errorSum
        self.errorCount = errorCount
        self.count = count
    }

    mutating func add(_ row: ObservedRow) {
        start = min(start, row.time)
        latest = max(latest, row.time)
        if let error = row.error {
            errorSum += error
            errorCount += 1
        }
        count += 1
    }

    func drift(_ cause: Drift.Cause, levels: [String?], lastIdentifier: String) -> Drift {
        Drift(
            cause: cause, period: Drift.Period(start: start, end: latest.advanced(byMilliseconds: 1)), time: latest,
            levels: levels, firstIdentifier: firstIdentifier, lastIdentifier: lastIdentifier,
            meanError: errorCount > 0 ? errorSum / Double(errorCount) : 0, count: count)
    }
}

extension Stretch? {
    /// The row is the first where there is none.
    mutating func add(_ row: ObservedRow) {
        if self?.add(row) == nil { self = Stretch(row) }
    }
}
