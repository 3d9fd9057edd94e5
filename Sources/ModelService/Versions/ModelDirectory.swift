import Documents
import FoundationEssentials
import Glibc
import Synchronization

/// The folder in which every model is kept, one file a version, beside the state that the servers over it share.
package final class ModelDirectory: ModelStore {
    private static let stateName = "serving.state"

    package let path: String
    private let folder: DurableFolder
    private let training = Mutex<FileLock?>(nil)
    private let seen = Mutex(SeenState())

    package init(path: String) {
        self.path = path
        folder = DurableFolder(path: path)
    }

    package func save(_ model: ModelVersion) throws(StoreError) {
        try folder.make()
        try folder.write(model.document.indented, name: "\(model.version).json")
        guard try Self.read(file: file(model.version)) == model else {
            throw StoreError(.refused, "\(file(model.version)) does not hold what was written to it")
        }
    }

    package func model(_ version: String) throws(StoreError) -> ModelVersion? {
        guard ModelVersion.isVersion(version), unsafe access(file(version), F_OK) == 0 else { return nil }
        return try Self.read(file: file(version))
    }

    /// Versions begin with their time, so the order of the names is the order in time.
    package func versions(before: String?, limit: Int) throws(StoreError) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let versions = names.lazy.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
            .filter { ModelVersion.isVersion($0) && before.map($0.isBefore) ?? true }
        return Array(versions.sorted { $1.isBefore($0) }.prefix(max(0, limit)))
    }

    package func remove(_ versions: [String]) throws(StoreError) {
        for version in versions where ModelVersion.isVersion(version) { try folder.remove("\(version).json") }
    }

    package func close() { endTraining() }

    /// Reads a model's file anywhere on the disk.
    package static func read(file: String) throws(StoreError) -> ModelVersion {
        let document = try json(file: file)
        do {
            return try ModelVersion(document: document)
        } catch {
            throw StoreError(.refused, "\(file) is not a model: \(error)")
        }
    }

    private static func json(file: String) throws(StoreError) -> JSON {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: file))
        } catch {
            throw StoreError(.refused, "cannot read \(file): \(reason(error))")
        }
        do {
            return try JSON(parsing: data)
        } catch {
            throw StoreError(.refused, "\(file) is not JSON: \(error)")
        }
    }

    private static func reason(_ error: any Error) -> String {
        (error as? CocoaError)?.code == .fileReadNoSuchFile ? "there is no such file" : "\(error)"
    }

    private func file(_ version: String) -> String { "\(path)/\(version).json" }
}

extension String {
    fileprivate func isBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

// MARK: - What servers agree on

extension ModelDirectory {
    /// The file of the state as it was last read, so that looking again costs no reading.
    private struct SeenState {
        var file: stat?
        var revision: Int64 = 0

        /// How long a file must have been at rest: two writes within a tick of the clock bear one time, in nanoseconds.
        private static let restSeconds = 1

        /// - Parameter file: as it was before it was read.
        init(file: stat, revision: Int64) {
            var now = timespec()
            unsafe clock_gettime(CLOCK_REALTIME, &now)
            if now.tv_sec - file.st_mtim.tv_sec > Self.restSeconds { self.file = file }
            self.revision = revision
        }

        init() {}

        func isOf(_ other: stat) -> Bool {
            guard let file else { return false }
            return file.st_ino == other.st_ino && file.st_mtim.tv_sec == other.st_mtim.tv_sec
                && file.st_mtim.tv_nsec == other.st_mtim.tv_nsec && file.st_size == other.st_size
        }
    }

    private var statePath: String { "\(path)/\(Self.stateName)" }

    package func state(after revision: Int64) throws(StoreError) -> ServingState? {
        var file = stat()
        guard unsafe stat(statePath, &file) == 0 else { return nil }
        if seen.withLock({ $0.isOf(file) && $0.revision <= revision }) { return nil }
        // A file that was replaced while it is read would be written over by the next.
        let lock = try stateLock(isShared: true)
        defer { extendLifetime(lock) }
        return try readState(after: revision)
    }

    private func stateLock(isShared: Bool) throws(StoreError) -> FileLock? {
        try FileLock.take("\(path)/serving.lock", waits: true, isShared: isShared)
    }

    private func readState(after revision: Int64) throws(StoreError) -> ServingState? {
        var file = stat()
        guard unsafe stat(statePath, &file) == 0 else { return nil }
        let state: ServingState
        let document = try Self.json(file: statePath)
        do {
            state = try ServingState(document: document)
        } catch {
            throw StoreError(.refused, "\(statePath) is no state: \(error); without it, the newest model serves")
        }
        seen.withLock { $0 = SeenState(file: file, revision: state.revision) }
        return state.revision > revision ? state : nil
    }

    package func replaceState(with state: ServingState) throws(StoreError) -> Bool {
        try folder.make()
        let lock = try stateLock(isShared: false)
        defer { extendLifetime(lock) }
        guard try readState(after: 0)?.revision ?? 0 == state.revision - 1 else { return false }
        try folder.replace(Self.stateName, with: state.document.bytes)
        return true
    }

    package func beginTraining() throws(StoreError) -> Bool {
        try folder.make()
        return try training.withLock { held throws(StoreError) in
            if held == nil { held = try FileLock.take("\(path)/training.lock", waits: false) }
            return held != nil
        }
    }

    package func endTraining() { training.withLock { $0 = nil } }
}
