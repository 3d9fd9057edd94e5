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

    @Test("what is written replaces a file, also behind a link, and nothing that is no file")
    func written() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (file, link, pipe) = (
            folder.appending(path: "file"), folder.appending(path: "link"), folder.appending(path: "pipe").path
        )
        try FitCommand.write([1], to: file.path)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
        try FitCommand.write([2], to: link.path)
        #expect(try FitCommand.read(file.path) == [2])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == file.path)
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        let reader = unsafe open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try FitCommand.write([3], to: pipe)
        var byte: UInt8 = 0
        #expect(unsafe read(reader, &byte, 1) == 1 && byte == 3)
        #expect(throws: RowsFileError.self) { try FitCommand.write([4], to: folder.path) }
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
