import Foundation
import Glibc
import ModelService
import Specification
import Testing

@testable import Storage

/// A disk that is full, or cannot be written. It needs the right to mount one.
@Suite(.enabled(if: SmallDisk.canBeMounted, "no right to mount a file system, which takes root"), .serialized)
struct SQLiteDiskTests {
    @Test("a full disk is unavailable, keeps what was written, and is used again once there is room")
    func full() throws {
        try SmallDisk.with { disk throws in
            let store = try openStore(
                .sqlite(path: disk.appending(path: "rows.sqlite").path), specification: Sample.fish, log: { _ in })
            defer { store.close() }
            #expect(try store.record(Sample.rows([1])).newCount == 1)
            let ballast = disk.appending(path: "ballast")
            try Data().write(to: ballast)
            let fill = try FileHandle(forWritingTo: ballast)
            while (try? fill.write(contentsOf: Data(count: 4096))) != nil {}
            try fill.close()

            for _ in 0..<2 {
                let error = #expect(throws: StoreError.self) { try store.record(Sample.rows(2..<2000)) }
                #expect(error?.kind == .unavailable)
                #expect(try store.newest(5) == Sample.rows([1]))
            }
            try FileManager.default.removeItem(at: ballast)
            #expect(try store.record(Sample.rows(1..<1000)).newCount == 998)
        }
    }

    @Test("a disk that cannot be written is unavailable, and used again once it can")
    func readOnly() throws {
        try SmallDisk.with { disk throws in
            let location = StoreLocation.sqlite(path: disk.appending(path: "rows.sqlite").path)
            let store = try openStore(location, specification: Sample.fish, log: { _ in })
            #expect(try store.record(Sample.rows([1])).newCount == 1)
            store.close()
            try SmallDisk.mount("-o", "remount,ro", disk.path)
            let stuck = try openStore(location, specification: Sample.fish, log: { _ in })
            defer { stuck.close() }
            let error = #expect(throws: StoreError.self) { try stuck.record(Sample.rows([2])) }
            #expect(error?.kind == .unavailable)
            let inFolder = StoreLocation.sqlite(path: disk.appending(path: "folder/rows.sqlite").path)
            let unmade = try openStore(inFolder, specification: Sample.fish, log: { _ in })
            defer { unmade.close() }
            let folder = #expect(throws: StoreError.self) { try unmade.check() }
            #expect(folder?.kind == .unavailable)
            try SmallDisk.mount("-o", "remount,rw", disk.path)
            #expect(try stuck.record(Sample.rows([2])).newCount == 1)
            #expect(try unmade.record(Sample.rows([2])).newCount == 1)
        }
    }
}

/// A file system of one megabyte in memory.
enum SmallDisk {
    static let canBeMounted = (try? with { _ in }) != nil

    struct Failure: Error {}

    static func with(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.path)
            defer { _ = unsafe umount2(folder.path, Int32(MNT_DETACH)) }
            try body(folder)
        }
    }

    static func mount(_ arguments: String...) throws {
        let mount = Process()
        mount.executableURL = URL(filePath: "/bin/mount")
        mount.arguments = arguments
        mount.standardError = FileHandle.nullDevice
        try mount.run()
        mount.waitUntilExit()
        guard mount.terminationStatus == 0 else { throw Failure() }
    }
}
