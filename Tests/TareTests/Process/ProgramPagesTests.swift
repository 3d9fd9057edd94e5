import Foundation
import Testing

@testable import Tare

@Suite("The pages of the program")
struct ProgramPagesTests {
    /// Of the lines of a mapping those that matter, and one that does not.
    private func mapping(_ head: String, anonymous: Int) -> String {
        "\(head)\nRss:                1072 kB\nAnonymous:      \(anonymous) kB\nVmFlags: rd ex mr mw me sd\n"
    }

    @Test("given back is only what lies in a file, may not be written, and was not")
    func unchanged() {
        let maps = [
            mapping("1000-3000 r-xp 00000000 fe:00 262301                     /usr/bin/tare", anonymous: 0),
            // Relocated by the loader, and closed to writers then.
            mapping("3000-4000 r--p 01a90000 fe:00 262301                     /usr/bin/tare", anonymous: 4),
            mapping("4000-6000 rw-p 01b69000 fe:00 262301                     /usr/bin/tare", anonymous: 0),
            mapping("7f10a8000000-7f10a8021000 rw-p 00000000 00:00 0", anonymous: 0),
            mapping("7f10b1a28000-7f10b1b7d000 r--p 00028000 fe:00 131502     /usr/lib/a library.so.6", anonymous: 0),
            mapping("7f10b1c00000-7f10b1c01000 r-xp 00000000 00:00 0", anonymous: 0),
            mapping("7ffd3d5f2000-7ffd3d5f4000 r-xp 00000000 00:00 0          [vdso]", anonymous: 0),
        ].joined()
        #expect(ProgramPages.unchanged(maps) == [0x1000..<0x3000, 0x7f10_b1a2_8000..<0x7f10_b1b7_d000])
        #expect(ProgramPages.unchanged("").isEmpty)
        #expect(ProgramPages.unchanged("no map\nAnonymous: 0 kB").isEmpty)
    }

    @Test("what was given back no longer counts as this process's, and is still there")
    func giveBack() throws {
        let before = try residentFilePages()
        ProgramPages.giveBack()
        let after = try residentFilePages()
        #expect(after < before * 9 / 10)
        #expect(ProgramPages.unchanged(mapping("0-1 r-xp 0 0 0 /a", anonymous: 0)) == [0..<1])
    }

    /// Of files, in this process: the third figure of `/proc/self/statm`.
    private func residentFilePages() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try #require(fields.count > 2 ? Int(fields[2]) : nil)
    }
}
