import Foundation
import Testing

@testable import Tare

@Suite("A file that is read as a whole")
struct RegularFileTests {
    private func file(_ bytes: [UInt8]) throws -> URL {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data(bytes).write(to: file)
        return file
    }

    @Test("gives its bytes", arguments: [1, 4096, 3_000_001])
    func bytes(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let file = try file(bytes)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(RegularFile.bytes(of: file.path) == bytes)
        #expect(try FitCommand.read(file.path) == bytes)
    }

    @Test("is none of what has no size of its own, which is read in another way")
    func others() throws {
        #expect(RegularFile.bytes(of: "/dev/null") == nil)
        #expect(RegularFile.bytes(of: "/") == nil)
        #expect(throws: RowsFileError.self) { try FitCommand.read("/") }
        #expect(RegularFile.bytes(of: "/nowhere/at/all") == nil)
        #expect(throws: RowsFileError.self) { try FitCommand.read("/nowhere/at/all") }
        // It has a size of 0, and bytes.
        #expect(try !FitCommand.read("/proc/self/status").isEmpty)
    }
}
