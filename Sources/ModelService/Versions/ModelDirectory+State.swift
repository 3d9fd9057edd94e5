import FoundationEssentials
import Glibc
import Specification
import Threading

/// What servers over one folder agree on: one file, which one server at a time changes. A model is durable with the change
/// that tells of it. So whenever a server crashes, no model shows that no state mentions, and none is missing that a state
/// mentions.
extension ModelDirectory {
    /// How long a server waits for another one that is about to change the state.
    private static let patience = Duration.seconds(2)

    private var statePath: String { "\(path)/\(Self.stateName)" }
    private var lockPath: String { "\(path)/serving.lock" }

    package func state(otherThan revision: Int64) throws(StoreError) -> ServingState? {
        var file = stat()
        guard unsafe stat(statePath, &file) == 0 else { return nil }
        if known.withLock({ $0.state.isOf(file) && $0.state.revision == revision }) { return nil }
        let state = try readLog()?.state
        return state?.revision == revision ? nil : state
    }

    package func replaceState(with state: ServingState, keeping model: ModelVersion?) throws(StoreError) -> Bool {
        try folder.make()
        let written = try model.map { model throws(StoreError) in try write(model) }
        ThreadPriority.giveWay()
        let lock = try takeLock()
        defer { extendLifetime(lock) }
        let log = try readLog()
        if let log, log.state.revision != state.revision - 1 { return false }
        do throws(StoreError) {
            let last = log?.state ?? ServingState()
            let change = StateChange.text(of: state, since: last, keeping: written)
            ThreadPriority.giveWay()
            if let log, log.unfinished == nil, !log.isFull, !known.withLock({ $0.mustBeWhole }) {
                var longer = log
                longer.take(state, with: written?.model, byteCount: change.count)
                try append(change, to: log, becoming: longer)
            } else {
                if let log { try makeNeedless(log) }
                let whole = last.text
                var next = StateLog(last, byteCount: whole.count)
                next.take(state, with: written?.model, byteCount: change.count)
                try write(next, text: whole + change)
            }
        } catch {
            // It may have been written, and may be lost with a power cut nevertheless.
            known.withLock { $0.mustBeWhole = true }
            throw error
        }
        ThreadPriority.giveWay()
        // The state has it, until it is written whole.
        if let written { try? writeApart(written) }
        return true
    }

    private func write(_ model: ModelVersion) throws(StoreError) -> NewModel {
        var writer = known.withLock { $0.writer }
        let written = try writer.write(model)
        known.withLock { $0.writer = writer }
        return written
    }

    private func append(_ change: [UInt8], to log: StateLog, becoming longer: StateLog) throws(StoreError) {
        let file = try OpenFile(statePath, makes: false)
        do throws(StoreError) {
            try file.write(change, at: log.byteCount)
        } catch {
            try? file.truncate(to: log.byteCount)
            throw error
        }
        try file.syncContents()
        let status = try file.status
        known.withLock { $0.state.go(on: longer, from: log.byteCount, with: change, of: status) }
    }

    private func write(_ log: StateLog, text: [UInt8]) throws(StoreError) {
        let file = try folder.replace(Self.stateName, with: text)
        known.withLock { $0 = Known(state: SeenState(log, text: text, of: file)) }
    }

    private func takeLock() throws(StoreError) -> FileLock {
        guard let lock = try FileLock.take(lockPath, within: Self.patience) else {
            throw StoreError(.unavailable, "another process has held \(lockPath) for \(Self.patience)")
        }
        return lock
    }

    /// Once nobody has changed the state for a moment, or it has many changes, by the last look at it.
    package func tidy() throws(StoreError) -> Bool {
        let seen = known.withLock { $0.state }
        guard let log = seen.log, log.changeCount > 0, log.isLong || seen.isAtRest else { return false }
        // Before others are kept waiting. Without the lock no file is made: the model may be removed meanwhile.
        for model in log.models { try syncApart(model) }
        guard let lock = try FileLock.take(lockPath) else { return false }
        return try writeWhole(holding: lock)
    }

    /// Writes the state in one line, once each model that it brought has a durable file of its own.
    /// - Returns: false where it is so written already, or cannot be read.
    @discardableResult private func writeWhole(holding lock: FileLock) throws(StoreError) -> Bool {
        // That it cannot be read, the next look at it tells.
        guard let log = (try? readLog()) ?? nil, log.changeCount > 0 || log.unfinished != nil else { return false }
        try makeNeedless(log)
        let text = log.state.text
        try write(StateLog(log.state, byteCount: text.count), text: text)
        extendLifetime(lock)
        return true
    }

    /// From then on nobody needs the models that stand in it.
    private func makeNeedless(_ log: StateLog) throws(StoreError) {
        try keepApart(log.models)
        try folder.sync()
    }

    package func removeLeftovers() {
        folder.removeLeftovers()
        settle()
    }

    package func close() {
        endTraining()
        settle()
    }

    /// What a server that crashed left half done is finished or taken back, unless another one is about to do so.
    private func settle() {
        guard let lock = (try? FileLock.take(lockPath)) ?? nil else { return }
        if let revision = (try? readLog())?.state.revision { settleFormerNames(under: revision) }
        _ = try? writeWhole(holding: lock)
    }

    /// Removes models for good, also those that came with the last changes.
    package func remove(_ versions: [String]) throws(StoreError) {
        let removed = versions.filter(ModelVersion.isVersion)
        if try readLog()?.models.contains(where: { removed.contains($0.version) }) ?? false {
            try writeWhole(holding: takeLock())
        }
        for version in removed { try folder.remove("\(version).json") }
    }

    /// Nil where no change that stands in the state's file brought it.
    func modelInState(_ version: String) -> ModelVersion? {
        let log = (try? readLog()) ?? nil
        let written = log?.models.last { $0.version == version }
        return written.flatMap { try? ModelVersion(document: $0.document) }
    }

    /// Without a lock, which a process that hangs could hold for ever.
    private func readLog() throws(StoreError) -> StateLog? {
        let seen = known.withLock { $0.state }
        guard let read = try StateFile.read(statePath, behind: seen) else { return nil }
        var now = seen
        do throws(ModelDocumentError) {
            if read.start > 0, var log = seen.log {
                try log.take(read.text[...])
                now.go(on: log, from: read.start, with: read.text, of: read.file)
            } else {
                now = SeenState(try StateLog(text: read.text), text: read.text, of: read.file)
            }
            // The model's own file was made once the change was durable.
            if let version = now.log?.unfinished?.version, unsafe access("\(path)/\(version).json", F_OK) == 0,
                StateFile.isStill(read.file, at: statePath)
            {
                throw ModelDocumentError(description: "the change that brought the model \(version) is cut off")
            }
        } catch {
            throw StoreError(
                .unavailable,
                "\(statePath) is no state: \(error); 'tare check --repair' sets it aside, and the newest model then serves"
            )
        }
        known.withLock { $0.state = now }
        return now.log
    }
}
