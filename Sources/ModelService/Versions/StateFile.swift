import Documents
import Glibc

/// The file of the state as it was last read or written, so that what is the same is not read again: where the file is at
/// rest, one look at it says so, else both ends of what was read do, which have the revision and a checksum. To make values
/// of all of the text takes as long as all the rest of a training.
struct SeenState {
    private var file: stat?
    private(set) var isAtRest = false
    /// What the text begins with, and what it ends with.
    private var ends: (first: [UInt8], last: [UInt8]) = ([], [])
    private(set) var log: StateLog?

    var revision: Int64? { log?.state.revision }

    /// How long a file must have been at rest: two writes within a tick of the clock bear one time, in nanoseconds.
    private static let restSeconds = 1
    /// Of either end: more than the revision takes, and than the checksum.
    private static let endBytes = 64

    init() {}

    /// - Parameters:
    ///   - text: all of it, up to the end of the log and maybe further.
    ///   - file: as it was before it was read, or once it was written.
    init(_ log: StateLog, text: [UInt8], of file: stat) {
        ends.first = Array(text.prefix(min(Self.endBytes, log.byteCount)))
        go(on: log, from: 0, with: text, of: file)
    }

    /// The same of text that stands at a place behind which nothing was seen yet.
    mutating func go(on log: StateLog, from start: Int, with text: [UInt8], of file: stat) {
        ends.last = Array((ends.last + text.prefix(log.byteCount - start)).suffix(Self.endBytes))
        self.log = log
        self.file = file
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        isAtRest = now.tv_sec - file.st_mtim.tv_sec > Self.restSeconds
    }

    func isOf(_ other: stat) -> Bool { isAtRest && file?.isSame(as: other) ?? false }

    /// How many bytes of an open file are those that were seen; 0 where it is another.
    func byteCount(in file: OpenFile, _ status: stat) throws(StoreError) -> Int {
        guard let count = log?.byteCount, status.st_size >= count else { return 0 }
        let (first, last) = ends
        guard try file.read(count: first.count) == first,
            try file.read(at: count - last.count, count: last.count) == last
        else { return 0 }
        return count
    }
}

/// Reads the file of the state while others may change it.
enum StateFile {
    /// A file that is replaced while it is read may be written over by the next but one: then it is read again.
    private static let attemptsMax = 100

    /// - Returns: nil where there is no file; else where what was not seen yet begins, its text, and what the file was like.
    static func read(
        _ path: String, behind seen: SeenState
    ) throws(StoreError) -> (start: Int, text: [UInt8], file: stat)? {
        for _ in 0..<attemptsMax {
            guard unsafe access(path, F_OK) == 0 || errno != ENOENT else { return nil }
            let file = try OpenFile(path, writes: false, makes: false)
            let before = try file.status
            let start = try seen.byteCount(in: file, before)
            let text = try file.read(at: start, count: Int(before.st_size) - start)
            if isStill(before, at: path) { return (start, text, before) }
        }
        throw StoreError(.unavailable, "\(path) is changed again and again")
    }

    /// Whether nobody changed it since.
    static func isStill(_ file: stat, at path: String) -> Bool {
        var now = stat()
        return unsafe stat(path, &now) == 0 && now.isSame(as: file)
    }
}

extension stat {
    fileprivate func isSame(as other: stat) -> Bool {
        st_ino == other.st_ino && st_mtim.tv_sec == other.st_mtim.tv_sec && st_mtim.tv_nsec == other.st_mtim.tv_nsec
            && st_size == other.st_size
    }
}
