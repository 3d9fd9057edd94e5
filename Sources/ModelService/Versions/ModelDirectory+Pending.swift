import Documents
import Glibc

/// A model that is kept with a state has a hidden name until the state is durable: whenever a server crashes, no model
/// shows that no state mentions, and none is missing that a state mentions.
///
/// The hidden name holds the revision of that state. Whoever replaces the state first settles such files. So a revision
/// that the state has reached was written, and a later one was not.
extension ModelDirectory {
    private static let pendingSuffix = ".pending"

    private struct Pending {
        let name: String
        let version: String
        let revision: Int64

        init(_ model: ModelVersion, revision: Int64) {
            name = ".\(model.version).json.\(revision)\(ModelDirectory.pendingSuffix)"
            version = model.version
            self.revision = revision
        }

        /// Nil for the name of anything else.
        init?(name: String) {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 5, parts[0].isEmpty, parts[2] == "json",
                ".\(parts[4])" == ModelDirectory.pendingSuffix,
                let revision = Int64(parts[3]), ModelVersion.isVersion(String(parts[1]))
            else { return nil }
            self.name = name
            version = String(parts[1])
            self.revision = revision
        }
    }

    private var pending: [Pending] { folder.hiddenNames.compactMap { Pending(name: $0) } }

    /// Keeps a model that the state of this revision will tell of.
    func savePending(_ model: ModelVersion, revision: Int64) throws(StoreError) {
        let name = Pending(model, revision: revision).name
        // The state that tells of it is written next, and syncs the names of both. Whatever breaks off, nobody reads a file of
        // this name before.
        try folder.writeContents(model.document.indented, name: name)
        guard try Self.read(file: "\(path)/\(name)") == model else {
            throw StoreError(.refused, "\(path)/\(name) does not hold what was written to it")
        }
    }

    /// Gives the models that were told of their names, and removes the others. Only whoever may replace the state does it.
    ///
    /// - Parameter revision: of the state; 0 where there is none.
    func settlePending(under revision: Int64) throws(StoreError) {
        for model in pending {
            guard model.revision <= revision else {
                try folder.remove(model.name)
                continue
            }
            try giveName(to: "\(path)/\(model.name)", version: model.version)
        }
    }

    /// The same for the one model that came with the state of this revision, without looking for others.
    func tell(of model: ModelVersion, revision: Int64) throws(StoreError) {
        try giveName(to: "\(path)/\(Pending(model, revision: revision).name)", version: model.version)
    }

    /// The name need not be durable: after a power cut it is given again.
    private func giveName(to file: String, version: String) throws(StoreError) {
        guard unsafe rename(file, "\(path)/\(version).json") == 0 else { throw StoreError(failedTo: "rename", file) }
    }

    /// The file of a model that was told of and has not its name yet; nil where there is none.
    func pendingFile(of version: String, under revision: Int64) -> String? {
        pending.first { $0.version == version && $0.revision <= revision }.map { "\(path)/\($0.name)" }
    }
}
