import Documents
import FoundationEssentials
import Glibc
import Threading

/// The folder in which every model is kept, one file a version, beside the state that the servers over it share.
package final class ModelDirectory: ModelStore {
    static let stateName = "serving.state"

    package let path: String
    let folder: DurableFolder
    private let training = Lock<FileLock?>(nil)
    let known = Lock(Known())

    /// What a server knows of the folder since it looked or wrote last.
    struct Known {
        var state = SeenState()
        /// After each failure, which may have left something half done, until the state was written whole.
        var mustBeWhole = false
        /// The models of the last changes whose own files were written here, and whether that is durable.
        var apart: [String: Bool] = [:]
        var writer = ModelWriter()
    }

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
        guard ModelVersion.isVersion(version) else { return nil }
        guard unsafe access(file(version), F_OK) == 0 else { return modelInState(version) }
        do throws(StoreError) {
            return try Self.read(file: file(version))
        } catch {
            guard let model = modelInState(version) else { throw error }
            return model
        }
    }

    /// Versions begin with their time, so the order of the names is the order in time.
    package func versions(before: String?, limit: Int) throws(StoreError) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let versions = names.lazy.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
            .filter { ModelVersion.isVersion($0) && before.map($0.isBefore) ?? true }
        return Array(versions.sorted { $1.isBefore($0) }.prefix(max(0, limit)))
    }

    package func beginTraining() throws(StoreError) -> Bool {
        try folder.make()
        return try training.withLock { held throws(StoreError) in
            if held == nil { held = try FileLock.take("\(path)/training.lock") }
            return held != nil
        }
    }

    package func endTraining() { training.withLock { $0 = nil } }

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
        let bytes: [UInt8]
        do throws(StoreError) {
            let open = try OpenFile(file, writes: false, makes: false)
            bytes = try open.read(count: Int(try open.status.st_size))
        } catch {
            throw StoreError(.refused, error.description)
        }
        do {
            return try JSON(parsing: bytes)
        } catch {
            throw StoreError(.refused, "\(file) is not JSON: \(error)")
        }
    }

    private func file(_ version: String) -> String { "\(path)/\(version).json" }
}

// MARK: - Models that came with a change of the state

extension ModelDirectory {
    /// Writes a model to a file of its own, which need not be durable yet.
    func writeApart(_ written: NewModel) throws(StoreError) {
        let version = written.model.version
        try OpenFile(file(version)).write(written.fileText)
        known.withLock { $0.apart[version] = false }
    }

    /// Makes what `writeApart` wrote durable, once its folder is synced too.
    /// - Returns: false where it wrote none, or that is gone.
    @discardableResult func syncApart(_ model: WrittenModel) throws(StoreError) -> Bool {
        guard let isDurable = known.withLock({ $0.apart[model.version] }),
            let file = try? OpenFile(file(model.version), makes: false)
        else { return false }
        if isDurable { return true }
        try file.syncContents()
        known.withLock { $0.apart[model.version] = true }
        return true
    }

    /// Sees to it that each has a file of its own that is whole and, once its folder is synced too, durable. Needs the lock.
    func keepApart(_ models: [WrittenModel]) throws(StoreError) {
        for model in models where try !syncApart(model) {
            // Whoever wrote the state may have crashed before, or while, it wrote this file; or somebody removed it.
            let (open, text) = (try OpenFile(file(model.version)), model.fileText)
            if try open.read(count: text.count + 1) == text {
                try open.syncContents()
            } else {
                try open.fill(with: text)
            }
        }
    }
}

extension String {
    fileprivate func isBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
