import Foundation

/// Prometheus' own tool, as `Scripts/setup prometheus` fetches it.
enum PrometheusTool {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../.tools/prometheus").standardized
    private static let path = folder.appending(path: "promtool").path

    static let isPossible = FileManager.default.isExecutableFile(atPath: path)
    static let missing = "promtool is not there: Scripts/setup prometheus fetches it"

    /// What `promtool check metrics` says of a text; empty where it finds nothing.
    static func check(metrics text: String) throws -> (status: Int32, words: String) {
        try run(["check", "metrics"], input: text)
    }

    static func run(_ arguments: [String], input: String = "") throws -> (status: Int32, words: String) {
        let process = Process()
        let (given, said) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        (process.standardInput, process.standardOutput, process.standardError) = (given, said, said)
        try process.run()
        // A pipe takes less than a long text, and nobody reads before the end.
        let writing = Thread {
            try? given.fileHandleForWriting.write(contentsOf: Data(input.utf8)); try? given.fileHandleForWriting.close()
        }
        writing.start()
        let words = try said.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: words, as: UTF8.self))
    }
}

/// The samples of a text in Prometheus' format, by what stands before the value.
struct ScrapedMetrics {
    let values: [String: Double]

    init(_ text: String) {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        values = Dictionary(
            lines.compactMap { line in
                line.lastIndex(of: " ").map { end in
                    (String(line[..<end]), Double(line[line.index(after: end)...]) ?? .nan)
                }
            }
        ) { first, _ in first }
    }

    subscript(_ name: String) -> Double? { values[name] }

    /// Of all samples whose name and labels begin so.
    func sum(_ prefix: String) -> Double { values.filter { $0.key.hasPrefix(prefix) }.values.reduce(0, +) }
}
