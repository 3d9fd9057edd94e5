import Foundation
import Storage

/// How many bytes there are to read of each part, by which it is told how far a check is.
struct CheckSizes: Equatable {
    var rows: Int
    var models: Int
    var journal: Int

    /// Nil where a part lies in a database that does not tell.
    init?(store: StoreLocation, models: ModelStoreLocation, journal: String) {
        guard case .sqlite(let path) = store, case .folder(let folder) = models else { return nil }
        rows = Self.bytes(path) + Self.bytes("\(path)-wal")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        self.models = names.reduce(0) { $0 + Self.bytes("\(folder)/\($1)") }
        self.journal = Self.bytes(journal)
    }

    private static func bytes(_ path: String) -> Int {
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        return (size ?? nil) ?? 0
    }

    /// Of all bytes those of these parts.
    func fraction(of parts: KeyPath<CheckSizes, Int>...) -> Double? {
        let all = rows + models + journal
        return all > 0 ? Double(parts.reduce(0) { $0 + self[keyPath: $1] }) / Double(all) : nil
    }
}
