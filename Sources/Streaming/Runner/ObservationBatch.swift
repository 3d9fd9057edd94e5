import EventProcessing

/// Rows that are to be recorded, sent together: a request for each would cost more than all the rest.
struct ObservationBatch {
    /// Some 50 kB of JSON.
    static let countMax = 200
    /// Of the first of a new model, as they may show that it is worse than the one before.
    static let firstCountMax = 100

    struct Row {
        let name: String
        /// An object of JSON.
        let text: [UInt8]
    }

    private var rows: [Row] = []
    private var countMax = firstCountMax

    var count: Int { rows.count }
    var isEmpty: Bool { rows.isEmpty }
    var isFull: Bool { rows.count >= countMax }

    mutating func append(_ row: Row) { rows.append(row) }

    /// Another model answers from now on.
    mutating func noteNewModel() { countMax = Self.firstCountMax }

    enum Delivery: Equatable {
        case recorded(Int)
        case refused(SetAside, row: [UInt8])
    }

    /// Sends all rows. Where the server refuses some, the batch is halved until each bad row stands alone: the good ones
    /// are recorded whatever the others are, and to send a row twice is harmless.
    ///
    /// When it throws, the rows that were not yet answered for are still in the batch.
    mutating func send(to server: PatientServer, tell: (Delivery) -> Void) throws(RunInterruption) {
        if !rows.isEmpty { try send(first: rows.count, to: server, tell: tell) }
        countMax = Self.countMax
    }

    private mutating func send(
        first count: Int, to server: PatientServer, tell: (Delivery) -> Void
    ) throws(RunInterruption) {
        switch try server.record(rows.prefix(count).map(\.text)) {
        case .success:
            rows.removeFirst(count)
            tell(.recorded(count))
        case .failure(let refusal) where count == 1:
            let row = rows.removeFirst()
            let thing = SetAside(place: row.name, reason: refusal.reason, request: refusal.request)
            tell(.refused(thing, row: row.text))
        case .failure:
            try send(first: count / 2, to: server, tell: tell)
            try send(first: count - count / 2, to: server, tell: tell)
        }
    }
}
