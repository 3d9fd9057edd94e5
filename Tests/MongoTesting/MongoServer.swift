import Documents
import Foundation
import Glibc
import Threading

/// A `mongod` of the test's own on a free port of the loopback interface, with its data in a temporary folder.
///
/// A shell stands between the tests and the server. It ends the server, and removes the folder, when its standard input
/// ends: also when the tests crash. (Bash, because the thread that starts it may block SIGCHLD, for which dash waits.)
package final class MongoServer: Sendable {
    package let port: Int
    private let program: String
    private let folder: URL
    private let arguments: [String]
    private let uriOptions: String
    private let running = Lock<Running?>(nil)

    private struct Running {
        let shell: Process
        let input: FileHandle
        let pid: pid_t
    }

    package struct Failure: Error, CustomStringConvertible { package let description: String }

    /// - Parameters:
    ///   - replicaSet: its name, where the server is to be the one member of a replica set.
    ///   - options: of `mongod`.
    ///   - uriOptions: what a client needs for them: `?tls=true&…`.
    package init(
        replicaSet: String? = nil, options: [String] = [], uriOptions: String = "", startsNow: Bool = true
    ) throws {
        guard let program = Self.program else { throw Failure(description: Self.missing) }
        self.program = program
        port = try Self.freePort()
        folder = FileManager.default.temporaryDirectory.appending(path: "tare-mongod-\(UUID().uuidString)")
        self.uriOptions = uriOptions
        arguments = options + (replicaSet.map { ["--replSet", $0] } ?? [])
        guard startsNow else { return }
        try start()
        if let replicaSet { try initiate(replicaSet) }
    }

    deinit { end(keepingData: false) }

    package var uri: String { "mongodb://127.0.0.1:\(port)" + (uriOptions.isEmpty ? "" : "/\(uriOptions)") }

    /// Starts the server, with the data that it had when it was killed.
    package func start() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = """
            exec 2>/dev/null
            "$@" >>"$0/log" 2>&1 &
            echo $!
            test -n "$(cat)" && keep=yes
            kill -KILL $!
            wait
            test "$keep" || rm -rf "$0"
            """
        let shell = Process()
        let input = Pipe()
        let output = Pipe()
        shell.executableURL = URL(filePath: "/bin/bash")
        shell.arguments =
            [
                "-c", script, folder.path, program, "--dbpath", folder.path, "--port", "\(port)", "--bind_ip",
                "127.0.0.1",
            ]
            + ["--nounixsocket", "--wiredTigerCacheSizeGB", "0.25"]
            + ["--setParameter", "diagnosticDataCollectionEnabled=false"] + arguments
        shell.standardInput = input
        shell.standardOutput = output
        try shell.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let pid = pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Failure(description: "the shell gave no process id but '\(line)'")
        }
        running.withLock { $0 = Running(shell: shell, input: input.fileHandleForWriting, pid: pid) }
        try waitUntilItAnswers()
    }

    /// As a power cut would end it: the data stay as they are, for `start`.
    package func kill() { end(keepingData: true) }

    /// Stops the server as if it hung, and returns once all of its threads stand still.
    package func freeze() throws {
        guard let pid = running.withLock({ $0?.pid }) else { throw Failure(description: "no server runs") }
        _ = Glibc.kill(pid, SIGSTOP)
        for _ in 0..<600 {
            let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
            let states = threads.compactMap {
                try? String(contentsOfFile: "/proc/\(pid)/task/\($0)/status", encoding: .utf8)
            }
            if states.allSatisfy({ $0.contains("State:\tT") }) { return }
            usleep(10_000)
        }
        throw Failure(description: "mongod goes on though it was stopped")
    }

    package func thaw() {
        guard let pid = running.withLock({ $0?.pid }) else { return }
        _ = Glibc.kill(pid, SIGCONT)
    }

    private func end(keepingData keeps: Bool) {
        guard let ended = running.withLock({ $0.take() }) else { return }
        if keeps { try? ended.input.write(contentsOf: Data("keep".utf8)) }
        try? ended.input.close()
        ended.shell.waitUntilExit()
    }

    private func waitUntilItAnswers() throws {
        let shell = MongoShell(uri: uri, database: "admin")
        for _ in 0..<600 {
            if (try? shell.run(["ping": 1])) != nil { return }
            usleep(50_000)
        }
        let log = (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? ""
        throw Failure(description: "mongod does not answer; its log ends with: \(log.suffix(2000))")
    }

    private func initiate(_ replicaSet: String) throws {
        let shell = MongoShell(uri: uri, database: "admin")
        _ = try shell.run([
            "replSetInitiate": [
                "_id": .string(replicaSet), "members": [["_id": 0, "host": .string("127.0.0.1:\(port)")]],
            ]
        ])
        for _ in 0..<600 {
            if try shell.run(["hello": 1])["isWritablePrimary"]?.boolean == true { return }
            usleep(50_000)
        }
        throw Failure(description: "the replica set has no primary")
    }
}

// MARK: - What there is

extension MongoServer {
    package static let missing =
        "there is no mongod: run `Scripts/fetch-mongod .tools`, or name one in TARE_MONGOD or a server in TARE_TEST_MONGODB_URI"

    package static let noneToKill =
        "these tests freeze and kill a server: they need a mongod of their own (`Scripts/fetch-mongod .tools`), and no TARE_TEST_MONGODB_URI"

    /// The path of a `mongod`, or nil where there is none.
    package static let program: String? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path =
            ProcessInfo.processInfo.environment["TARE_MONGOD"] ?? root.appending(path: ".tools/mongod").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    /// Whether the tests may start, freeze and kill servers.
    package static var canStart: Bool { givenURI == nil && program != nil }
    /// Whether the tests have a server at all.
    package static var isAvailable: Bool { givenURI != nil || program != nil }

    package static let givenURI: String? = ProcessInfo.processInfo.environment["TARE_TEST_MONGODB_URI"]

    /// The URI of the server that all tests share that do not harm it.
    package static func sharedURI() throws -> String { try givenURI ?? shared.get().uri }

    private static let shared = Result { try MongoServer() }

    private static func freePort() throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failure(description: "no socket") }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(socket, address, length) == 0 && getsockname(socket, address, &length) == 0
            }
        }
        guard bound else { throw Failure(description: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
