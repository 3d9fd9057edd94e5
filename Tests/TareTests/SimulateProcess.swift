import Dispatch
import Foundation

/// `tare` as a process beside the test. Whatever happens, `end` leaves none behind.
final class TareProcess {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    private let process = Process()
    /// Nil where the output goes to a file.
    private let output: Pipe?
    private let errors = FileManager.default.temporaryDirectory.appending(path: "tare-test-\(UUID().uuidString)")

    /// The program that was built with this test: both stand in one folder.
    static var path: URL {
        let test = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: test).deletingLastPathComponent().appending(path: "tare")
    }

    /// As it is loaded, libmongoc makes a file of its counters under the process's number. One that was killed leaves it
    /// behind, and libmongoc warns on stderr when the number comes again: among tests that kill, that happens.
    private static let ownEnvironment = ProcessInfo.processInfo.environment.merging(["MONGOC_DISABLE_SHM": "1"]) { $1 }

    /// - Parameters:
    ///   - environment: what it adds to this process's own.
    ///   - folder: where it starts; by default where the tests do.
    init(
        _ arguments: [String], outputPath: String? = nil, environment: [String: String] = [:], folder: URL? = nil
    ) throws {
        try Data().write(to: errors)
        process.executableURL = Self.path
        process.arguments = arguments
        process.environment = Self.ownEnvironment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        if let folder { process.currentDirectoryURL = folder }
        if let outputPath {
            output = nil
            process.standardOutput = try FileHandle(forWritingTo: URL(filePath: outputPath))
        } else {
            let pipe = Pipe()
            output = pipe
            process.standardOutput = pipe
        }
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
    }

    static func run(_ arguments: [String], outputPath: String? = nil) throws -> Result {
        let process = try TareProcess(arguments, outputPath: outputPath)
        defer { process.end() }
        return process.finish()
    }

    /// What stands on stderr until now.
    var errorsSoFar: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    /// Waits until these words stand on stderr.
    func says(_ words: String, within seconds: Double = 30) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while !errorsSoFar.contains(words) {
            guard process.isRunning, Date() < deadline else { return errorsSoFar.contains(words) }
            usleep(10_000)
        }
        return true
    }

    var identifier: pid_t { process.processIdentifier }

    var isRunning: Bool { process.isRunning }

    func send(_ signal: CInt) { kill(process.processIdentifier, signal) }

    func closeOutput() { try? output?.fileHandleForReading.close() }

    /// Nil at the end of the output.
    func readLine() throws -> String? {
        var line = Data()
        while let byte = try output?.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
            if byte[0] == 0x0A { return String(decoding: line, as: UTF8.self) }
            line += byte
        }
        return nil
    }

    /// Waits for the process to end by itself, or ends it after two minutes, which its status then shows.
    /// - Returns: the output that `readLine` left.
    func finish() -> Result {
        let identifier = process.processIdentifier
        let limit = DispatchWorkItem { kill(identifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: limit)
        defer { limit.cancel() }
        let rest = (try? output?.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        let complaints = (try? Data(contentsOf: errors)) ?? Data()
        return Result(
            status: process.terminationStatus, output: String(decoding: rest, as: UTF8.self),
            errors: String(decoding: complaints, as: UTF8.self))
    }

    func end() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: errors)
    }
}
