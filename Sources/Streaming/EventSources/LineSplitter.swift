/// Cuts a stream of bytes into lines. A line that is longer than the bound is left out, and what was read of it is not
/// kept.
struct LineSplitter {
    enum Line: Equatable {
        /// Without its line feed, and without a carriage return before that.
        case whole([UInt8], number: Int)
        case tooLong(number: Int)
    }

    let bytesMax: Int
    private var buffer: [UInt8] = []
    /// Where the current line starts, and how far it has been searched for its end.
    private var start = 0
    private var searched = 0
    private var isSkipping = false
    private var number = 0

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    mutating func append(_ bytes: some Collection<UInt8>) {
        buffer.removeFirst(start)
        searched -= start
        start = 0
        buffer.append(contentsOf: bytes)
    }

    /// The next line that has its end; nil where more bytes are needed.
    mutating func next() -> Line? {
        guard let end = buffer[searched...].firstIndex(of: 0x0A) else {
            searched = buffer.count
            if searched - start > bytesMax {
                isSkipping = true
                start = searched
            }
            return nil
        }
        return line(endingAt: end)
    }

    /// What is left when no more bytes come: a last line without a line feed.
    mutating func finish() -> Line? {
        guard start < buffer.count || isSkipping else { return nil }
        return line(endingAt: buffer.count)
    }

    private mutating func line(endingAt end: Int) -> Line {
        number += 1
        var line = buffer[start..<end]
        if line.last == 0x0D { line.removeLast() }
        let isTooLong = isSkipping || line.count > bytesMax
        isSkipping = false
        start = min(end + 1, buffer.count)
        searched = start
        return isTooLong ? .tooLong(number: number) : .whole(Array(line), number: number)
    }
}
