import ArgumentParser
import Documents
import Testing

@testable import Main

@Suite("What a shell completes")
struct CompletionTests {
    /// Every option and argument, with its command, as the parser lists them.
    private static func arguments() throws -> [(name: String, argument: JSON)] {
        let commands = try JSON(parsing: TareCommand._dumpHelp())["command"]?["subcommands"]?.elements ?? []
        return commands.flatMap { command in
            (command["arguments"]?.elements ?? []).map { argument in
                let name = argument["preferredName"]?["name"] ?? argument["valueName"]
                return ("\(command["commandName"]?.text ?? "") \(name?.text ?? "")", argument)
            }
        }
    }

    @Test("what takes a file completes files")
    func files() throws {
        let arguments = try Self.arguments()
        let alsoFiles: Set = [
            "fit file", "specification file", "contract model", "export model", "fit out", "export out",
            "stream source",
            "backtest source",
        ]
        let files = arguments.filter { $0.argument["valueName"] == "file" || alsoFiles.contains($0.name) }
        #expect(files.count >= 20 && alsoFiles.isSubset(of: files.map(\.name)))
        for file in files { #expect(file.argument["completionKind"]?["file"] != nil, "\(file.name)") }
        let folders = arguments.filter { $0.argument["completionKind"]?["directory"] != nil }.map(\.name)
        #expect(folders.sorted() == ["check models", "serve models"])
    }
}
