import Foundation
import Testing

@testable import ModelService

@Suite("Files that are held open")
struct OpenFileTests {
    /// A process that is begun has all open files of its parent for a moment, until its own program runs.
    @Test("a lock ends with its file, also while other processes are begun")
    func unlocked() async throws {
        let path = NSTemporaryDirectory() + "tare-lock-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let beginning = Task.detached {
            for _ in 0..<100 {
                let process = Process()
                process.executableURL = URL(filePath: "/bin/true")
                try process.run()
                process.waitUntilExit()
            }
        }
        let ending = Task.detached {
            for _ in 0..<20_000 {
                let file = try OpenFile(path)
                #expect(try file.lock())
            }
        }
        try await beginning.value
        try await ending.value
    }
}
