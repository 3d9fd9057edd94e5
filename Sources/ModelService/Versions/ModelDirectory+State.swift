import FoundationEssentials
import Glibc
import Locking

/// What servers over one folder agree on: one file, which is replaced as a whole by one server at a time.
extension ModelDirectory {
    /// How long a server waits for another one that is about to replace the state.
    private static let patience = Duration.seconds(2)

    private var statePath: String { "\(path)/\(Self.stateName)" }

    package func state(otherThan revision: Int64) throws(StoreError) -> ServingState? {
        var file = stat()
        guard unsafe stat(statePath, &file) == 0 else { return nil }
        if seen.withLock({ $0.isOf(file) && $0.revision == revision }) { return nil }
        let state = try readState()
        return state?.revision == revision ? nil : state
    }

    package func replaceState(with state: ServingState, keeping model: ModelVersion?) throws(StoreError) -> Bool {
        try folder.make()
        let lock = try takeLock()
        defer { extendLifetime(lock) }
        let current = try readState()
        if let current, current.revision != state.revision - 1 { return false }
        do throws(StoreError) {
            try settleOthers(under: current?.revision ?? 0, holding: lock)
            if let model { try savePending(model, revision: state.revision) }
            let text = state.text
            let file = try folder.replace(Self.stateName, with: text)
            seen.withLock { $0 = SeenState(state, text: text, of: file) }
            if let model { try tell(of: model, revision: state.revision) }
        } catch {
            mark.withLock { $0 = HolderMark() }
            // A state that is there, but maybe not after a power cut, has its model.
            let revision = (try? readState())?.revision
            try? settlePending(under: revision ?? current?.revision ?? 0)
            throw error
        }
        return true
    }

    private func takeLock() throws(StoreError) -> FileLock {
        let path = "\(path)/serving.lock"
        guard let lock = try FileLock.take(path, within: Self.patience) else {
            throw StoreError(.unavailable, "another process has held \(path) for \(Self.patience)")
        }
        return lock
    }

    /// What others left half done is finished or taken back, unless nobody held the lock since this one did: the folder may
    /// hold many thousand models, and to look through it takes the longer, the more there are.
    func settleOthers(under revision: Int64, holding lock: FileLock) throws(StoreError) {
        let mark = mark.withLock { $0 }
        if try lock.wasLast(mark) { return }
        try settlePending(under: revision)
        try lock.note(mark)
    }

    /// What a server that crashed left half done is finished or taken back, unless another one is about to do so.
    package func removeLeftovers() {
        folder.removeLeftovers()
        guard let lock = (try? FileLock.take("\(path)/serving.lock")) ?? nil else { return }
        defer { extendLifetime(lock) }
        if let state = try? readState() { try? settlePending(under: state.revision) }
    }

    /// The file of a model, under the name that it has or is about to get; nil where there is none.
    func whole(_ version: String) throws(StoreError) -> String? {
        let file = "\(path)/\(version).json"
        if unsafe access(file, F_OK) == 0 { return file }
        if let pending = pendingFile(of: version, under: try readState()?.revision ?? 0) { return pending }
        // It may have been given its real name in between.
        return unsafe access(file, F_OK) == 0 ? file : nil
    }

    /// Without a lock, which a process that hangs could hold for ever.
    private func readState() throws(StoreError) -> ServingState? {
        let known = seen.withLock { $0 }
        guard let read = try StateFile.read(statePath, unless: known.isWhole) else { return nil }
        guard let bytes = read.bytes else { return known.state }
        if let state = seen.withLock({ $0.take(read.file, bytes) }) { return state }
        let state: ServingState
        do {
            state = try ServingState(text: bytes)
        } catch {
            throw StoreError(
                .unavailable,
                "\(statePath) is no state: \(error); 'tare check --repair' sets it aside, and the newest model then serves"
            )
        }
        seen.withLock { $0 = SeenState(state, text: bytes, of: read.file) }
        return state
    }
}

/// The state as it was last read or written, so that what is the same is not read again: where the file is at rest, one look
/// at it says so, else both ends of its text do, which have the revision and the checksum. To make a value of all of the text
/// takes as long as all the rest of a training.
struct SeenState {
    private var file: stat?
    private var isAtRest = false
    private var text: [UInt8] = []
    private(set) var state: ServingState?

    var revision: Int64? { state?.revision }

    /// How long a file must have been at rest: two writes within a tick of the clock bear one time, in nanoseconds.
    private static let restSeconds = 1

    init() {}

    /// - Parameter file: as it was before it was read, or once it was written.
    init(_ state: ServingState, text: [UInt8], of file: stat) {
        self.state = state
        self.text = text
        note(file)
    }

    /// What was read of the file.
    /// - Returns: nil where it is not what was seen before.
    mutating func take(_ file: stat, _ text: [UInt8]) -> ServingState? {
        guard let state, text == self.text else { return nil }
        note(file)
        return state
    }

    private mutating func note(_ file: stat) {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        self.file = file
        isAtRest = now.tv_sec - file.st_mtim.tv_sec > Self.restSeconds
    }

    func isOf(_ other: stat) -> Bool { isAtRest && isLike(other) }

    /// The same of a file that may not be at rest.
    func isWhole(_ file: OpenFile, _ status: stat) throws(StoreError) -> Bool {
        guard isLike(status), text.count == Int(status.st_size) else { return false }
        let count = min(Self.endBytes, text.count)
        let (head, tail) = try (file.read(count: count), file.read(at: text.count - count, count: count))
        return text.prefix(count).elementsEqual(head) && text.suffix(count).elementsEqual(tail)
    }

    /// Of either end: more than the revision takes, and than the checksum.
    private static let endBytes = 64

    private func isLike(_ other: stat) -> Bool { file?.isSame(as: other) ?? false }
}

/// Reads the file of the state while others may replace it.
private enum StateFile {
    /// A file that is replaced while it is read may be written over by the next but one: then it is read again.
    private static let attemptsMax = 100

    /// - Parameter isKnown: is asked whether the open file need not be read.
    /// - Returns: nil where there is none; else its bytes, unless it is known, and what it was like before it was read.
    static func read(
        _ path: String, unless isKnown: (OpenFile, stat) throws(StoreError) -> Bool
    ) throws(StoreError) -> (bytes: [UInt8]?, file: stat)? {
        for _ in 0..<attemptsMax {
            var after = stat()
            guard unsafe stat(path, &after) == 0 || errno != ENOENT else { return nil }
            let file = try OpenFile(path, writes: false, makes: false)
            let before = try file.status
            let bytes = try isKnown(file, before) ? nil : try file.read(count: Int(before.st_size))
            if unsafe stat(path, &after) == 0, before.isSame(as: after) { return (bytes, before) }
        }
        throw StoreError(.unavailable, "\(path) is replaced again and again")
    }
}

extension stat {
    fileprivate func isSame(as other: stat) -> Bool {
        st_ino == other.st_ino && st_mtim.tv_sec == other.st_mtim.tv_sec && st_mtim.tv_nsec == other.st_mtim.tv_nsec
            && st_size == other.st_size
    }
}
