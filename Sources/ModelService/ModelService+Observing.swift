import Documents
import Threading

/// Rows that came with one request.
package struct ObservedRows: Sendable {
    let rows: [Observation]
    /// Names it in the log.
    let request: String?

    package init(_ rows: [Observation], request: String? = RequestContext.id) {
        self.rows = rows
        self.request = request
    }
}

extension ModelService {
    /// Writes joined rows, to the journal where the store is away; blocks until they are durable.
    package func observe(_ rows: [Observation]) throws(StoreError) -> Recorded {
        try observe([ObservedRows(rows)])[0]
    }

    /// The same of rows of several requests at once.
    /// - Returns: what became of the rows of each.
    /// - Throws: for all of them. Then a part of the rows may have been written, and each may be written anew.
    package func observe(_ lots: [ObservedRows]) throws(StoreError) -> [Recorded] {
        let rows = lots.count == 1 ? lots[0].rows : lots.flatMap(\.rows)
        if let kept = try keep(rows, ifPending: true) { return kept.parts(lots) }
        do throws(StoreError) {
            let recorded = try record(rows).parts(lots)
            for (lot, part) in zip(lots, recorded) {
                RequestContext.$id.withValue(lot.request) { noteConflicts(of: lot.rows, part) }
            }
            return recorded
        } catch let error where error.kind == .unavailable {
            guard let kept = try keep(rows) else { throw error }
            return kept.parts(lots)
        }
    }

    /// Writes joined rows to the store, and judges by them.
    func record(_ rows: [Observation]) throws(StoreError) -> Recorded {
        let before = judging.withLock { $0 }
        let recorded = try store.record(rows)
        let new = recorded.newOnes(of: rows)
        tellNew(new)
        judge(new, in: recorded.span, before: before)
        return recorded
    }

    /// Tells of rows, unless that was done: those of other servers are read from the store, and these among them.
    func tellNew(_ rows: [Observation]) {
        let new = told.withLock { $0.take(rows) }
        if !new.isEmpty { tell(.observed(new)) }
    }

    /// Who sent the other row may be somebody else, so the operator is told too.
    func noteConflicts(of rows: [Observation], _ recorded: Recorded) {
        let conflicts = recorded.rows.indices.filter { recorded.rows[$0].isConflicting }
        guard let first = conflicts.first.map({ rows[$0] }) else { return }
        log(
            "\(conflicts.count) of \(rows.count) rows conflict with rows of the same identifier and time, which stay; the"
                + " first: \(first.identifier ?? "") of \(first.timestamp?.description ?? "")")
    }
}

extension Recorded {
    /// What became of the rows of each, where these are those of all of them, in their order.
    fileprivate func parts(_ lots: [ObservedRows]) -> [Recorded] {
        guard lots.count > 1 else { return [self] }
        var start = 0
        return lots.map { lot in
            defer { start += lot.rows.count }
            return Recorded(Array(rows[start..<start + lot.rows.count]))
        }
    }
}
