/// The bytes that wait to be read by the client of a stream: a value.
struct StreamQueue {
    /// Why there will be no more bytes.
    enum End {
        /// All has been said; what waits is still sent.
        case finished
        /// The client is gone, or does not read.
        case broken
    }

    /// What the next read is to do.
    enum Reading: Equatable {
        case bytes(Int)
        /// There is nothing yet.
        case nothing
        case finished
        case broken
    }

    private let bytesMax: Int
    private var pieces: [[UInt8]] = []
    /// How much of the first piece has been read.
    private var offset = 0
    private(set) var count = 0
    private(set) var end: End?
    /// Since when the client has taken nothing of what waits.
    private var waitingSince: ContinuousClock.Instant?

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// Takes bytes, whose array may be shared with other streams.
    /// - Returns: false where they are not taken: the stream has ended, or too much waits, which breaks it.
    mutating func add(_ bytes: [UInt8], at now: ContinuousClock.Instant) -> Bool {
        guard end == nil else { return false }
        guard count + bytes.count <= bytesMax else {
            abandon()
            return false
        }
        guard !bytes.isEmpty else { return true }
        if count == 0 { waitingSince = now }
        pieces.append(bytes)
        count += bytes.count
        return true
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer, at now: ContinuousClock.Instant) -> Reading {
        if end == .broken { return .broken }
        guard count > 0 else { return end == .finished ? .finished : .nothing }
        var (read, done) = (0, 0)
        while done < pieces.count, read < buffer.count {
            let rest = pieces[done].dropFirst(offset).prefix(buffer.count - read)
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[read...]).copyBytes(from: rest)
            read += rest.count
            offset += rest.count
            if offset == pieces[done].count { (done, offset) = (done + 1, 0) }
        }
        pieces.removeFirst(done)
        count -= read
        waitingSince = count == 0 ? nil : now
        return .bytes(read)
    }

    mutating func finish() { end = end ?? .finished }

    /// What waits is dropped: nobody will read it.
    mutating func abandon() {
        end = .broken
        (pieces, offset, count, waitingSince) = ([], 0, 0, nil)
    }

    /// Whether something has waited for so long.
    func isStalled(for patience: Duration, at now: ContinuousClock.Instant) -> Bool {
        waitingSince.map { now - $0 > patience } ?? false
    }
}
