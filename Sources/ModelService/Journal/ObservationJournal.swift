import Documents
import FoundationEssentials
import Glibc
import Threading

/// Rows that were answered for while the database was away, in a file, until it has them.
///
/// What is appended is on the disk when the call returns. What was delivered is delivered again after a crash, which is
/// harmless, as a row is recorded once however often it is delivered. One process at a time uses a file.
package final class ObservationJournal: Sendable {
    private struct State {
        let file: OpenFile
        let headBytes: Int
        /// Where the next line goes.
        var end: Int
        /// From the beginning up to here all is delivered.
        var delivered: Int
        var rows: Int
    }

    /// Some rows, and where those that follow begin.
    struct Part {
        let rows: [JSON]
        let end: Int
    }

    package let path: String
    package let bytesMax: Int
    private let store: String
    private let log: @Sendable (String) -> Void
    /// Nil until it is open.
    private let state = Lock<State?>(nil)

    /// So much of the file is read at once.
    private static let partBytes = 1 << 20
    /// Once no more bytes than these are left, they are delivered while nobody may append: else delivery might never catch
    /// up.
    private static let lastBytes = 256 * 1024

    /// - Parameters:
    ///   - bytesMax: how large the file may grow.
    ///   - store: what the rows are for, without credentials. Another's are left alone.
    package init(path: String, bytesMax: Int, store: String, log: @escaping @Sendable (String) -> Void) {
        self.path = path
        self.bytesMax = bytesMax
        self.store = store
        self.log = log
    }

    /// How many rows wait, and the size of the file in bytes; zeros where it is not open.
    package var size: (rows: Int, bytes: Int) {
        state.withLock { $0.map { ($0.rows, $0.end) } ?? (0, 0) }
    }

    /// Whether rows wait. Then those that follow wait too, so that all keep their order.
    var isPending: Bool { size.rows > 0 }

    /// Writes the rows, and syncs them.
    /// - Parameter ifPending: whether only while others wait.
    /// - Returns: false where none wait, and nothing was written.
    func append(_ rows: [JSON], ifPending: Bool = false) throws(StoreError) -> Bool {
        let lines = JournalText.lines(rows)
        return try withOpen { state throws(StoreError) in
            if ifPending, state.rows == 0 { return false }
            guard state.end + lines.count <= bytesMax else {
                throw StoreError(.unavailable, "the journal \(path) is full, \(state.end) of \(bytesMax) bytes")
            }
            do throws(StoreError) {
                try state.file.write(lines, at: state.end)
                try state.file.sync()
            } catch {
                // No caller was told that these rows are kept. Half a line would spoil the one that is written behind it.
                try? state.file.truncate(to: state.end)
                throw error
            }
            if state.rows == 0 { log("rows are kept in the journal \(path) until the store takes them") }
            state.end += lines.count
            state.rows += rows.count
            return true
        }
    }

    /// Hands out the rows that wait, oldest first, until there are none or one cannot be delivered.
    /// - Parameter body: is given some rows, and throws where they must stay.
    func deliver(_ body: ([JSON]) throws(StoreError) -> Void) throws(StoreError) {
        while let part = try withOpen({ state throws(StoreError) in
            state.end - state.delivered > Self.lastBytes ? try self.part(after: state) : nil
        }) {
            try body(part.rows)
            try withOpen { state throws(StoreError) in take(part, from: &state) }
        }
        try withOpen { state throws(StoreError) in
            let count = state.rows
            while let part = try self.part(after: state) {
                try body(part.rows)
                take(part, from: &state)
            }
            guard count > 0 || state.end > state.headBytes else { return }
            try state.file.truncate(to: state.headBytes)
            // Even where the sync fails: the next line is written where the file ends now.
            (state.end, state.delivered, state.rows) = (state.headBytes, state.headBytes, 0)
            try state.file.sync()
            if count > 0 { log("the store has all rows of the journal \(path)") }
        }
    }

    /// Keeps rows that the store will never take beside the journal, so that they are not lost and others can follow.
    func setAside(_ rows: [JSON], _ reason: String) throws(StoreError) {
        let file = try OpenFile("\(path).refused")
        let end = Int(try file.status.st_size)
        try file.write(JournalText.lines(rows), at: end)
        try file.sync()
        log("\(rows.count) rows of the journal are refused by the store, and kept in \(file.path): \(reason)")
    }

    private func take(_ part: Part, from state: inout State) {
        state.delivered = part.end
        state.rows = max(0, state.rows - part.rows.count)
    }

    private func part(after state: State) throws(StoreError) -> Part? {
        var bytes = try state.file.read(
            at: state.delivered, count: min(Self.partBytes, state.end - state.delivered))
        // A line may be longer than that.
        if bytes.lastIndex(of: 0x0A) == nil {
            bytes = try state.file.read(at: state.delivered, count: state.end - state.delivered)
        }
        guard let last = bytes.lastIndex(of: 0x0A) else { return nil }
        let rows = bytes[...last].split(separator: 0x0A).flatMap { JournalText.rows(in: $0) ?? [] }
        return Part(rows: rows, end: state.delivered + last + 1)
    }
}

// MARK: - Opening

extension ObservationJournal {
    /// Opens the file, and finds what an earlier process left in it.
    package func open() throws(StoreError) { try withOpen { _ throws(StoreError) in } }

    private func withOpen<Result>(
        _ body: (inout State) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try state.withLock { held throws(StoreError) in
            var state = if let held { held } else { try opened() }
            defer { held = state }
            return try body(&state)
        }
    }

    private func opened() throws(StoreError) -> State {
        let folder = DurableFolder(path: Folder.parent(of: path))
        try folder.make()
        let file = try OpenFile(path)
        guard try file.lock() else {
            throw StoreError(.unavailable, "another process uses the journal \(path); give each its own by --journal")
        }
        let contents = JournalContents(try file.read(count: Int(try file.status.st_size)))
        if contents.rows > 0, contents.store != store {
            throw StoreError(
                .unavailable, "the journal \(path) holds \(contents.rows) rows for \(contents.store ?? "another store")"
            )
        }
        if contents.damagedLines > 0 { try keepDamaged(file, contents) }
        guard contents.rows > 0 else { return try begun(file, folder) }
        try file.truncate(to: contents.wholeBytes)
        log("\(contents.rows) rows wait in the journal \(path) for the store")
        return State(
            file: file, headBytes: contents.headBytes, end: contents.wholeBytes, delivered: contents.headBytes,
            rows: contents.rows)
    }

    /// The lines that are whole are delivered; what became of the others, somebody may want to see.
    private func keepDamaged(_ file: OpenFile, _ contents: JournalContents) throws(StoreError) {
        let copy = try OpenFile("\(path).damaged")
        try copy.write(try file.read(count: Int(try file.status.st_size)), at: Int(try copy.status.st_size))
        try copy.sync()
        log("\(contents.damagedLines) lines of the journal \(path) are damaged; \(copy.path) keeps them as they are")
    }

    private func begun(_ file: OpenFile, _ folder: DurableFolder) throws(StoreError) -> State {
        let head = JournalText.head(store: store)
        try file.truncate(to: 0)
        try file.write(head)
        try file.sync()
        try folder.sync()
        return State(file: file, headBytes: head.count, end: head.count, delivered: head.count, rows: 0)
    }
}
