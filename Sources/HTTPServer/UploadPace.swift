/// Shares what large bodies may bring in a second among those that send them: a pure value.
///
/// Each turn of an upload takes a token. Who finds none waits, and the one that has waited longest comes first.
struct UploadPace<Upload> {
    /// What a body may bring before it asks.
    static var freeBytes: Int { 16 * 1024 }
    /// What it may bring behind that without a turn, where few large bodies are on their way: those of a usual size do not
    /// wait. Many that begin at once do.
    static var advanceBytes: Int { 240 * 1024 }
    private static var advancesMax: Int { 8 }
    /// What an upload may bring before it asks again; its thread serves other connections between two turns.
    static var turnBytes: Int { 64 * 1024 }
    /// Turns that may come at once after a quiet time.
    private static var turnsMax: Double { 4 }

    private var turns: TokenBucket
    private var advances = 0
    /// In the order in which they came.
    private(set) var waiting: [Upload] = []

    init(bytesPerSecond: Int, at now: ContinuousClock.Instant) {
        turns = TokenBucket(perSecond: Double(bytesPerSecond) / Double(Self.turnBytes), max: Self.turnsMax, at: now)
    }

    /// - Returns: false where as many bodies have one as may have.
    mutating func takeAdvance() -> Bool {
        guard advances < Self.advancesMax else { return false }
        advances += 1
        return true
    }

    /// Its body is whole, or its connection is closed.
    mutating func returnAdvance() { advances -= 1 }

    /// - Returns: false where the upload is to wait.
    mutating func takeTurn(at now: ContinuousClock.Instant) -> Bool {
        waiting.isEmpty && turns.take(at: now)
    }

    mutating func wait(_ upload: Upload) { waiting.append(upload) }

    /// They wait no more.
    mutating func removeAll(where isLeaving: (Upload) -> Bool) { waiting.removeAll(where: isLeaving) }

    /// The first of those that wait, where its turn has come; it waits no more.
    mutating func next(at now: ContinuousClock.Instant) -> Upload? {
        guard !waiting.isEmpty, turns.take(at: now) else { return nil }
        return removeFirst()
    }

    /// The first of those that wait, whose turn comes now.
    mutating func removeFirst() -> Upload? { waiting.isEmpty ? nil : waiting.removeFirst() }

    /// When the next of those that wait has its turn; nil where none waits.
    var nextTurn: ContinuousClock.Instant? { waiting.isEmpty ? nil : turns.next }
}
