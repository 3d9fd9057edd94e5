import Foundation
import Glibc

/// The pages of this program's file and of its libraries' that the system has mapped for it.
enum ProgramPages {
    /// Lets go of those that are as they are in their files: most were needed by the start, and never are again. What is, comes
    /// back from the system's cache, without a read. For want of memory the system would do the same; until then they count as
    /// this process's.
    static func giveBack() {
        // To the end: the system gives a page of text at a time, which Foundation takes for all of it where it reads a file by its
        // name.
        guard let maps = try? FileHandle(forReadingAtPath: "/proc/self/smaps")?.readToEnd() else { return }
        // That it does not work is no harm.
        for pages in unchanged(String(decoding: maps, as: UTF8.self)) {
            unsafe madvise(UnsafeMutableRawPointer(bitPattern: pages.lowerBound), pages.count, MADV_DONTNEED)
        }
    }

    /// Where pages of files lie of which none may be written, and none was.
    ///
    /// - Parameter maps: `/proc/self/smaps`, as proc(5) has it.
    static func unchanged(_ maps: String) -> [Range<UInt>] {
        var found: [Range<UInt>] = []
        var candidate: Range<UInt>?
        let (own, space) = ("Anonymous:".utf8, UInt8(ascii: " "))
        for line in maps.utf8.split(separator: UInt8(ascii: "\n")) {
            // Some 25 lines stand between two that tell where, and begin with a capital letter.
            if line.starts(with: own), let pages = candidate {
                if line.dropFirst(own.count).drop(while: { $0 == space }).first == UInt8(ascii: "0") {
                    found.append(pages)
                }
                candidate = nil
            } else if let first = line.first, !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) {
                let fields = line.split(separator: space, maxSplits: 5)
                candidate = fields.count == 6 && isOfFile(fields) ? range(fields[0]) : nil
            }
        }
        return found
    }

    private static func isOfFile(_ fields: [Substring.UTF8View]) -> Bool {
        fields[1].starts(with: "r-".utf8) && fields[5].contains(UInt8(ascii: "/"))
    }

    private static func range(_ text: Substring.UTF8View) -> Range<UInt>? {
        let ends = text.split(separator: UInt8(ascii: "-")).compactMap { UInt(String(Substring($0)), radix: 16) }
        return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
    }
}
