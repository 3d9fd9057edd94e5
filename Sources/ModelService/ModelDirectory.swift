import Documents
import FoundationEssentials
import Glibc

/// The folder in which every model is kept, one file a version. The newest one that can be read is the current one.
package struct ModelDirectory: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// What stood in the way of a file, and which.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        init(_ action: String, _ path: String, _ code: Int32 = errno) {
            description = "cannot \(action) \(path): \(unsafe String(cString: strerror(code)))"
        }

        init(_ description: String) { self.description = description }
    }

    /// Writes the model so that a crash at any moment leaves either nothing or the whole of it under its name, reads
    /// it back and compares. When this returns, the model is on the disk.
    package func save(_ model: ModelVersion) throws(Failure) {
        try makeFolder()
        let name = "\(model.version).json"
        try writeDurably(model.document.indented, name: name)
        let saved = try read(name)
        guard saved == model else { throw Failure("\(path)/\(name) does not hold what was written to it") }
    }

    /// The newest model that can be read, of those that were neither refused nor rolled back.
    /// - Parameter skipped: is told of files that could not, with the reason.
    package func newest(skipped: (String) -> Void) -> ModelVersion? {
        for name in names() {
            do throws(Failure) {
                let model = try read(name)
                if model.state == .served { return model }
            } catch {
                skipped(error.description)
            }
        }
        return nil
    }

    /// Reads a model's file anywhere on the disk.
    package static func read(file: String) throws(Failure) -> ModelVersion {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: file))
        } catch {
            throw Failure("cannot read \(file): \(reason(error))")
        }
        do {
            return try ModelVersion(document: try JSON(parsing: data))
        } catch let error as JSONError {
            throw Failure("\(file) is not JSON: \(error)")
        } catch {
            throw Failure("\(file) is not a model: \(error)")
        }
    }

    private func read(_ name: String) throws(Failure) -> ModelVersion {
        try Self.read(file: "\(path)/\(name)")
    }

    /// Versions begin with their time, so the order of the names is the order in time. Newest first.
    private func names() -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return all.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted(by: >)
    }

    private static func reason(_ error: any Error) -> String {
        (error as? CocoaError)?.code == .fileReadNoSuchFile ? "there is no such file" : "\(error)"
    }
}

// MARK: - Durable writing

extension ModelDirectory {
    private func makeFolder() throws(Failure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Failure("cannot make the folder \(path): \(error)")
        }
    }

    /// Temporary file, sync, rename, sync of the folder: the name never stands for half a file.
    private func writeDurably(_ bytes: [UInt8], name: String) throws(Failure) {
        let temporary = "\(path)/.\(name).\(getpid()).partial"
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Failure("write", temporary) }
        do throws(Failure) {
            try write(bytes, to: file, named: temporary)
            guard fsync(file) == 0 else { throw Failure("sync", temporary) }
        } catch {
            close(file)
            unsafe unlink(temporary)
            throw error
        }
        close(file)
        guard unsafe rename(temporary, "\(path)/\(name)") == 0 else {
            defer { unsafe unlink(temporary) }
            throw Failure("rename \(temporary) to", name)
        }
        try syncFolder()
    }

    private func write(_ bytes: [UInt8], to file: Int32, named name: String) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw Failure("write", name) }
            rest = rest.dropFirst(written)
        }
    }

    private func syncFolder() throws(Failure) {
        let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Failure("open", path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Failure("sync", path) }
    }
}
