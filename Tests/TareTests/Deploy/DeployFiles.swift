import Documents
import Foundation
import Testing
import Yams

@testable import EventProcessing
@testable import Tare

/// What stands in `deploy/`, as the tests read it.
enum DeployFiles {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let folder = root.appending(path: "deploy")

    static func text(_ path: String) throws -> String {
        try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }

    /// One way to start the compose file: without a file of variables, or with one.
    struct Variant: CustomTestStringConvertible {
        let preset: PresetName
        let variablesFile: String?

        static let all = [
            Variant(preset: .blog, variablesFile: nil), Variant(preset: .recipe, variablesFile: "recipe.env"),
        ]

        var testDescription: String { preset.rawValue }
        var rules: Preset { Preset(preset, for: .fish) }

        var variables: [String: String] {
            get throws {
                guard let variablesFile else { return [:] }
                let lines = try DeployFiles.text(variablesFile).split(separator: "\n").filter { !$0.hasPrefix("#") }
                return Dictionary(
                    uniqueKeysWithValues: lines.map { line in
                        let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
                        return (parts[0], parts[1])
                    })
            }
        }

        /// The compose file with its variables filled in: `${NAME:-default}`, and `$$` for a dollar.
        func compose() throws -> Compose {
            let variables = try variables
            let text = try DeployFiles.text("compose.yaml")
                .replacing(/\$\{([A-Z_]+):-([^}]*)\}/) { variables[String($0.output.1)] ?? String($0.output.2) }
                .replacing("$$", with: "$")
            return try Compose(text)
        }
    }

    struct Compose {
        let document: [String: Any]
        let services: [String: Service]

        init(_ text: String) throws {
            document = try Yams.load(yaml: text) as? [String: Any] ?? [:]
            let services = document["services"] as? [String: Any] ?? [:]
            self.services = services.mapValues { Service(settings: Self.merged($0 as? [String: Any] ?? [:])) }
        }

        /// YAML's merge key: what it brings, under what stands beside it.
        private static func merged(_ settings: [String: Any]) -> [String: Any] {
            guard let base = settings["<<"] as? [String: Any] else { return settings }
            var settings = settings
            settings["<<"] = nil
            return merged(base).merging(settings) { $1 }
        }

        func strings(_ key: String) -> [String] { (document[key] as? [String: Any]).map { Array($0.keys) } ?? [] }

        /// The arguments of the services that run `tare`, by name.
        var tareCommands: [String: [String]] {
            services.filter { $0.value.settings["image"] as? String == "tare" }.mapValues { $0.strings("command") }
        }
    }

    struct Service {
        let settings: [String: Any]

        func strings(_ key: String) -> [String] { settings[key] as? [String] ?? [] }

        var build: [String: String]? { settings["build"] as? [String: String] }

        /// The services that it waits for, and for what.
        var dependencies: [String: String] {
            (settings["depends_on"] as? [String: [String: String]] ?? [:]).compactMapValues { $0["condition"] }
        }

        var hasHealthCheck: Bool { (settings["healthcheck"] as? [String: Any])?["test"] != nil }
    }

    /// A connector's settings, which Connect takes as texts.
    static func connector(_ path: String) throws -> [String: String] {
        let document = try JSON(parsing: Array(text("connectors/\(path)").utf8))
        return Dictionary(
            uniqueKeysWithValues: (document.members ?? []).map { ($0.name, $0.value.text ?? "not a text") })
    }
}
