import Documents
import FoundationEssentials
import Glibc
import Locking

/// The folder in which every model is kept, one file a version, beside the state that the servers over it share.
package final class ModelDirectory: ModelStore {
    static let stateName = "serving.state"

    package let path: String
    let folder: DurableFolder
    private let training = Lock<FileLock?>(nil)
    let seen = Lock(SeenState())
    /// Another one after each failure, which may have left something half done.
    let mark = Lock(HolderMark())

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
        guard ModelVersion.isVersion(version), let file = try whole(version) else { return nil }
        do throws(StoreError) {
            return try Self.read(file: file)
        } catch {
            // It may have been given its real name meanwhile.
            guard let other = try whole(version), other != file else { throw error }
            return try Self.read(file: other)
        }
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

    package func beginTraining() throws(StoreError) -> Bool {
        try folder.make()
        return try training.withLock { held throws(StoreError) in
            if held == nil { held = try FileLock.take("\(path)/training.lock") }
            return held != nil
        }
    }

    package func endTraining() { training.withLock { $0 = nil } }

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

extension String {
    fileprivate func isBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
