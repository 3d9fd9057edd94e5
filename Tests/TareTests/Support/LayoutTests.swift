import Foundation
import Testing

@Suite("The layout of the sources")
struct LayoutTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Runs Scripts/lint on a copy of the sources with one more file in it.
    private func lint(adding text: String, at path: String) throws -> (status: Int32, message: String) {
        let copy = FileManager.default.temporaryDirectory.appending(path: "tare-lint-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: copy) }
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        for name in ["Scripts", "Sources"] {
            try FileManager.default.copyItem(at: Self.root.appending(path: name), to: copy.appending(path: name))
        }
        if !text.isEmpty { try Data(text.utf8).write(to: copy.appending(path: path)) }
        _ = try run("/usr/bin/env", ["git", "-C", copy.path, "init", "-q"])
        return try run(copy.appending(path: "Scripts/lint").path, [])
    }

    private func run(_ path: String, _ arguments: [String]) throws -> (status: Int32, message: String) {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let message = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: message, as: UTF8.self))
    }

    @Test("the sources follow the table of imports")
    func holds() throws {
        let (status, message) = try lint(adding: "", at: "")
        #expect(status == 0, "\(message)")
    }

    @Test(
        "a file that breaks a rule of the layout is named",
        arguments: [
            ("Sources/Regression/Bad.swift", "package import Foundation\n", "imports Foundation"),
            ("Sources/Storage/SQLite/Bad.swift", "import CMongoC\n", "imports CMongoC"),
            ("Sources/Streaming/Bad.swift", "import ModelService\n", "imports ModelService"),
            ("Sources/Tare/Serve/Bad.swift", "@preconcurrency import CMicroHTTPD\n", "imports CMicroHTTPD"),
            ("Sources/ModelService/Bad.swift", "let x = \"Species\"\n", "words of the worked example"),
            (
                "Sources/Documents/Bad.swift", "package struct Bad {\n    @inlinable package var bad: Int { 1 }\n}\n",
                "type is not @usableFromInline"
            ),
            ("Sources/Tare/main.swift", "print(1)\n", "main.swift"),
            ("Sources/Tare/Bad.swift", String(repeating: "\n", count: 400), "400 lines"),
        ])
    func broken(_ path: String, _ text: String, _ named: String) throws {
        let (status, message) = try lint(adding: text, at: path)
        #expect(status != 0 && message.contains(named), "\(message)")
    }
}
