import Foundation
import Testing

/// The image's packages against the libraries that the program loads here: Debian 12 as well.
@Suite("deploy: the image")
struct ImageTests {
    private static let hasDebian = FileManager.default.isExecutableFile(atPath: "/usr/bin/dpkg-query")

    private func output(_ path: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// The packages that the image's program stage installs.
    private func installed() throws -> [String] {
        let file = try DeployFiles.text("Dockerfile")
        let stage = try #require(file.firstMatch(of: #/(?s)\nFROM debian:bookworm-slim AS tare\n(.*)/#)).output
            .1
        let list = try #require(stage.firstMatch(of: #/(?s)--no-install-recommends \\\n(.*?) \\\n/#)).output.1
        return list.split(separator: " ").map(String.init)
    }

    /// A package and all that it depends on, as far as they are installed here.
    private func closure(of packages: [String]) throws -> Set<String> {
        let format = "${Package}\t${Essential}\t${Depends}, ${Pre-Depends}\n"
        var needs: [String: [String]] = [:]
        var essential: [String] = []
        for line in try output("/usr/bin/dpkg-query", ["-W", "-f", format]).split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            needs[parts[0]] = parts[2].split(whereSeparator: { $0 == "," || $0 == "|" }).compactMap { need in
                need.split(whereSeparator: { $0 == " " || $0 == ":" || $0 == "(" }).first.map(String.init)
            }
            if parts[1] == "yes" { essential.append(parts[0]) }
        }
        var found: Set<String> = []
        var open = packages + essential
        while let next = open.popLast() {
            if found.insert(next).inserted { open += needs[next] ?? [] }
        }
        return found
    }

    /// The packages of the libraries that the program loads; Swift's own are linked into it for the image.
    private func needed() throws -> Set<String> {
        let paths = try output("/usr/bin/ldd", [TareProcess.path.path]).split(separator: "\n").compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("/") && !$0.contains("swift") }.map {
                URL(filePath: String($0)).lastPathComponent
            }
        }
        #expect(paths.count > 10)
        let owners = try output("/usr/bin/dpkg-query", ["-S"] + paths.map { "*/\($0)" })
        return Set(
            owners.split(separator: "\n").filter { line in
                !line.hasPrefix("diversion") && paths.contains { line.hasSuffix("/\($0)") }
            }.compactMap { $0.split(separator: ":").first.map(String.init) })
    }

    @Test("the image has every library that the program loads", .enabled(if: hasDebian, "this is no Debian"))
    func libraries() throws {
        let missing = try needed().subtracting(closure(of: installed()))
        #expect(missing.isEmpty)
    }

    @Test("the image has no package that nothing needs", .enabled(if: hasDebian, "this is no Debian"))
    func nothingMore() throws {
        let others: Set = ["ca-certificates", "curl"]
        let packages = try Set(installed()).subtracting(others)
        #expect(try packages.isSubset(of: needed()) && packages.count == 5)
    }

    @Test("the program does not run as root, and what it keeps is a volume")
    func user() throws {
        let file = try DeployFiles.text("Dockerfile")
        let stage = try #require(file.firstMatch(of: #/(?s)AS tare\n(.*)/#)).output.1
        #expect(stage.contains("\nUSER tare\n") && stage.contains("\nVOLUME /data\n"))
        #expect(stage.contains("/healthz"))
    }

    @Test("all that the image is built from is in the context, and nothing that is large or private")
    func context() throws {
        let ignored = try String(contentsOf: DeployFiles.root.appending(path: ".dockerignore"), encoding: .utf8)
        let lines = ignored.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.first == "*")
        let copied = try DeployFiles.text("Dockerfile").matches(of: #/\nCOPY (?!--from)(\S+) /#).map(\.output.1)
        #expect(copied.count >= 5)
        for path in copied { #expect(lines.contains("!\(path)"), "\(path)") }
    }
}
