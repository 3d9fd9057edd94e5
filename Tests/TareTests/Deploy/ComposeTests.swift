import ArgumentParser
import EventProcessing
import Foundation
import Testing

@testable import Companion
@testable import Main
@testable import Program
@testable import Tare

/// The compose file, as far as it can be checked without Docker.
@Suite("deploy: the compose file")
struct ComposeTests {
    private static let profiles: Set<String> = ["original", "tare", "mongodb"]

    /// The attributes of a service that this file uses, from the compose specification (05-services.md). One that is
    /// misspelled is not among them.
    private static let attributes: Set<String> = [
        "build", "image", "command", "entrypoint", "profiles", "ports", "volumes", "environment", "depends_on",
        "healthcheck", "restart", "stop_grace_period",
    ]

    @Test("every service has known attributes, an image and a known profile", arguments: DeployFiles.Variant.all)
    func services(_ variant: DeployFiles.Variant) throws {
        let compose = try variant.compose()
        #expect(compose.services.count >= 11)
        #expect(Set(compose.document.keys).isSubset(of: ["name", "services", "volumes", "x-tare", "x-companion"]))
        for (name, service) in compose.services {
            #expect(Set(service.settings.keys).isSubset(of: Self.attributes), "\(name)")
            #expect(service.settings["image"] is String, "\(name)")
            let profiles = Set(service.strings("profiles"))
            #expect(!profiles.isEmpty && profiles.isSubset(of: Self.profiles), "\(name)")
        }
    }

    @Test("a service waits only for services of its profiles, for health only where that is checked")
    func dependencies() throws {
        let compose = try DeployFiles.Variant.all[0].compose()
        for (name, service) in compose.services {
            for (needed, condition) in service.dependencies {
                let other = try #require(compose.services[needed], "\(name) waits for \(needed)")
                #expect(Set(service.strings("profiles")).isSubset(of: other.strings("profiles")), "\(name), \(needed)")
                switch condition {
                // The server's check stands in its image.
                case "service_healthy": #expect(other.hasHealthCheck || needed == "tare", "\(name), \(needed)")
                case "service_completed_successfully": #expect(other.settings["restart"] == nil, "\(needed)")
                default: Issue.record("\(name) waits for \(needed) with \(condition)")
                }
            }
        }
        #expect(try DeployFiles.text("Dockerfile").contains("HEALTHCHECK"))
    }

    @Test("what is published is for this machine only, each port once")
    func ports() throws {
        let ports = try DeployFiles.Variant.all[0].compose().services.values.flatMap { $0.strings("ports") }
        #expect(ports.allSatisfy { $0.hasPrefix("127.0.0.1:") } && ports.count >= 4)
        #expect(Set(ports.map { $0.split(separator: ":")[1] }).count == ports.count)
    }

    @Test("what is mounted and built from is there", arguments: DeployFiles.Variant.all)
    func files(_ variant: DeployFiles.Variant) throws {
        let compose = try variant.compose()
        let declared = Set(compose.strings("volumes"))
        for (name, service) in compose.services {
            for volume in service.strings("volumes") {
                let source = String(volume.prefix { $0 != ":" })
                let isThere =
                    source.hasPrefix("./")
                    ? FileManager.default.fileExists(atPath: DeployFiles.folder.appending(path: source).path)
                    : declared.contains(source)
                #expect(isThere, "\(name) mounts \(source)")
            }
            guard let build = service.build, let context = build["context"], let file = build["dockerfile"] else {
                continue
            }
            let dockerfile = DeployFiles.folder.appending(path: context).appending(path: file)
            let text = try String(contentsOf: dockerfile, encoding: .utf8)
            if let stage = build["target"] { #expect(text.contains(" AS \(stage)\n"), "\(name): \(stage)") }
        }
        let statements = try #require(compose.services["statements"]).strings("entrypoint")
        let file = try #require(statements.first { $0.hasPrefix("/ksql/") })
        #expect(FileManager.default.fileExists(atPath: DeployFiles.folder.path + file))
    }

    @Test("every command of tare is one that it understands", arguments: DeployFiles.Variant.all)
    func commands(_ variant: DeployFiles.Variant) throws {
        let commands = try variant.compose().tareCommands
        #expect(Set(commands.keys) == ["tare", "predict", "stream", "recipe", "machines"])
        for (name, arguments) in commands {
            #expect(throws: Never.self, "\(name): \(arguments)") { try TareCommand.parseAsRoot(arguments) }
        }
        let machines = try #require(commands["machines"])
        let command = try #require(try TareCommand.parseAsRoot(machines) as? SimulateCommand)
        #expect(command.kafka.topics(for: .fish) == variant.rules.topics)
    }

    /// The script that makes the token, run here in a folder of its own.
    @Test("the token is made once; the server's file, the companions' and Connect's agree on it")
    func tokens() throws {
        let service = try #require(try DeployFiles.Variant.all[0].compose().services["tokens"])
        let mount = try #require(service.strings("volumes").first?.split(separator: ":").last)
        try withLiveFolder { folder in
            let script = try #require(service.strings("command").first)
                .replacing("cd \(mount)\n", with: "cd \(folder.path)\n").replacing(#/chown \d+/#, with: "true")
            func run() throws -> String {
                let process = Process()
                process.executableURL = URL(filePath: "/usr/bin/env")
                process.arguments = service.strings("entrypoint") + [script]
                let output = Pipe()
                process.standardOutput = output
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationStatus == 0)
                return String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            }
            let first = try run()
            #expect(try run() == first)
            let file = try SecretFile(reading: folder.path + "/tare-tokens", bytesMax: 1000)
            #expect(!file.isReadableByOthers)
            let token = try #require(try TokenFile.tokens(in: file.text).tokens.first)
            #expect(token.role == .write && !token.isShort)
            let secret = try TokenFile.tokenToSend(in: file.text)
            let properties = try String(contentsOfFile: folder.path + "/tare.properties", encoding: .utf8)
            #expect(properties == "token=\(secret)\nauthorization=Bearer \(secret)\n")
        }
    }

    @Test(
        "the image's variables are those of options",
        arguments: ["HOST", "PORT", "TOKEN_FILE", "STORE", "MODELS"])
    func variables(_ name: String) throws {
        let line = try #require(
            try DeployFiles.text("Dockerfile").firstMatch(
                of: try Regex("TARE_\(name)=(\\S+)", as: (Substring, Substring).self)))
        var variables = ["TARE_\(name)": String(line.output.1)]
        // An address that others reach is refused without.
        if name == "HOST" { variables["TARE_TOKEN_FILE"] = "tokens" }
        let added = try EnvironmentArguments(of: TareCommand.self, for: ["serve"]).arguments(environment: variables)
        #expect(added.count == 1 + variables.count)
        #expect(throws: Never.self) { try TareCommand.parseAsRoot(added) }
    }
}
