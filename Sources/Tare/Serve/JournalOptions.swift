import ArgumentParser
import ModelService
import Storage

/// Where rows wait while MongoDB is away.
struct JournalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A file of this server's own, in which observations wait while MongoDB is away, each synced before it is answered. \
            A store in SQLite needs none.
            """, valueName: "file"), completion: .file())
    var journal = "var/tare.journal"

    @Option(
        help: ArgumentHelp(
            "Megabytes that the journal may grow to; then observations are answered 503. 0 keeps none.", valueName: "n")
    )
    var journalMbMax = 64

    func validate() throws {
        guard (0...100_000).contains(journalMbMax) else {
            throw ValidationError("--journal-mb-max must be from 0 to 100000, given \(journalMbMax)")
        }
        guard !journal.isEmpty else { throw ValidationError("--journal must name a file, given nothing") }
    }

    /// Nil where none is wanted.
    func journal(for store: StoreLocation, log: @escaping @Sendable (String) -> Void) -> ObservationJournal? {
        guard case .mongo = store, journalMbMax > 0 else { return nil }
        return ObservationJournal(
            path: journal, bytesMax: journalMbMax * 1_000_000, store: store.description, log: log)
    }
}
