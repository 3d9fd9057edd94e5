import Documents
import Specification

extension ModelService {
    /// How many rows wait in the journal, its size and bound in bytes, and what is wrong with it; nil where there is none.
    package var journalState: (rows: Int, bytes: Int, bytesMax: Int, fault: String?)? {
        journal.map { journal in
            let size = journal.size
            return (size.rows, size.bytes, journal.bytesMax, journalWatch.fault)
        }
    }

    /// Keeps rows in the journal.
    /// - Returns: nil where there is no journal, or, if only while others wait, none do.
    func keep(_ rows: [Observation], ifPending: Bool = false) throws(StoreError) -> Recorded? {
        guard let journal, !ifPending || journal.isPending else { return nil }
        let documents = rows.map { $0.document(specification) }
        let isKept = try journalWatch.watch(.write) { () throws(StoreError) in
            try journal.append(documents, ifPending: ifPending)
        }
        guard isKept else { return nil }
        return Recorded(rows.map { _ in .journaled })
    }

    /// Gives the store what waits in the journal. Where it is away, the next call does it. Blocks.
    func deliverJournal() {
        guard let journal else { return }
        do throws(StoreError) {
            try journalWatch.watch(.read) { () throws(StoreError) in try journal.open() }
            // Asked before the delivery begins: while it runs, whoever appends must wait.
            guard journal.isPending, (try? store.check()) != nil else { return }
            try journal.deliver { documents throws(StoreError) in try deliver(documents) }
        } catch {
            // The fault was noted already, as one of the store or of the journal.
        }
    }

    private func deliver(_ documents: [JSON]) throws(StoreError) {
        do throws(StoreError) {
            try recordDelivered(documents.map(observation))
        } catch let error where error.kind == .refused {
            for document in documents { try deliverAlone(document) }
        }
    }

    private func deliverAlone(_ document: JSON) throws(StoreError) {
        do throws(StoreError) {
            try recordDelivered([observation(document)])
        } catch let error where error.kind == .refused {
            try journal?.setAside([document], error.description)
        }
    }

    private func recordDelivered(_ rows: [Observation]) throws(StoreError) {
        noteConflicts(of: rows, try record(rows))
    }

    private func observation(_ document: JSON) -> Observation {
        var reader = ObservationReader(specification)
        return reader.read(document)
    }
}
