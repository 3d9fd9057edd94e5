import Documents
import FoundationEssentials

/// The files that the tests read.
enum TestFiles {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    /// Reference data beside the project, which is not part of it.
    private static let shared = folder.appending(path: "../../../shared/data").standardizedFileURL

    static let fixtures = folder.appending(path: "Fixtures")
    static let golden = shared.appending(path: "golden")
    static let nist = shared.appending(path: "nist")
    static var hasShared: Bool { FileManager.default.fileExists(atPath: golden.path) }

    /// The names, without `.json`, of the documents in a folder that begin with one of these letters.
    static func names(in folder: URL, beginningWith letters: String? = nil) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".json") && letters?.contains($0.first!) ?? true }
            .map { String($0.dropLast(5)) }.sorted()
    }

    static func document(_ name: String, in folder: URL) throws -> JSON {
        try JSON(parsing: Data(contentsOf: folder.appending(path: name + ".json")))
    }

    static func text(_ name: String, in folder: URL) throws -> String {
        try String(decoding: Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }
}
