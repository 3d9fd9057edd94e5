/// Shares what large bodies may bring in a second among those that send them: a pure value.
///
/// A token bucket (RFC 2697 calls it a meter): credit grows with time up to some turns, and each turn of an upload takes
/// of it. Who finds none waits, and the one that has waited longest comes first.
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

    private let turnsPerSecond: Double
    private var credit = Self.turnsMax
    private var advances = 0
    /// When the credit was counted last.
    private var counted: ContinuousClock.Instant
    /// In the order in which they came.
    private(set) var waiting: [Upload] = []

    init(bytesPerSecond: Int, at now: ContinuousClock.Instant) {
        turnsPerSecond = Double(bytesPerSecond) / Double(Self.turnBytes)
        counted = now
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
        count(at: now)
        guard waiting.isEmpty, credit >= 1 else { return false }
        credit -= 1
        return true
    }

    mutating func wait(_ upload: Upload) { waiting.append(upload) }

    /// They wait no more.
    mutating func removeAll(where isLeaving: (Upload) -> Bool) { waiting.removeAll(where: isLeaving) }

    /// The first of those that wait, where its turn has come; it waits no more.
    mutating func next(at now: ContinuousClock.Instant) -> Upload? {
        count(at: now)
        guard credit >= 1, let first = removeFirst() else { return nil }
        credit -= 1
        return first
    }

    /// The first of those that wait, whose turn comes now.
    mutating func removeFirst() -> Upload? { waiting.isEmpty ? nil : waiting.removeFirst() }

    /// When the next of those that wait has its turn; nil where none waits.
    var nextTurn: ContinuousClock.Instant? {
        waiting.isEmpty ? nil : counted + .seconds(max(0, 1 - credit) / turnsPerSecond)
    }

    private mutating func count(at now: ContinuousClock.Instant) {
        credit = min(Self.turnsMax, credit + (now - counted) / .seconds(1) * turnsPerSecond)
        counted = now
    }
}
