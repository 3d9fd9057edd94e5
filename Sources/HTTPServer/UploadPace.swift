/// Shares what large bodies may bring in a second among those that send them: a pure value.
///
/// A token bucket (RFC 2697 calls it a meter): credit grows with time up to some turns, and each turn of an upload takes
/// of it. Who finds none waits, and the one that has waited longest comes first.
struct UploadPace<Upload> {
    /// What a body may bring before it asks for its first turn.
    static var freeBytes: Int { 256 * 1024 }
    /// What an upload may bring before it asks again; its thread serves other connections between two turns.
    static var turnBytes: Int { 64 * 1024 }
    /// Turns that may come at once after a quiet time.
    private static var turnsMax: Double { 4 }

    private let turnsPerSecond: Double
    private var credit = Self.turnsMax
    /// When the credit was counted last.
    private var counted: ContinuousClock.Instant
    /// In the order in which they came.
    private(set) var waiting: [Upload] = []

    init(bytesPerSecond: Int, at now: ContinuousClock.Instant) {
        turnsPerSecond = Double(bytesPerSecond) / Double(Self.turnBytes)
        counted = now
    }

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

    /// Those whose turn has come; they wait no more.
    mutating func due(at now: ContinuousClock.Instant) -> [Upload] {
        count(at: now)
        let due = Array(waiting.prefix(Int(credit)))
        waiting.removeFirst(due.count)
        credit -= Double(due.count)
        return due
    }

    /// When the next of those that wait has its turn; nil where none waits.
    var nextTurn: ContinuousClock.Instant? {
        waiting.isEmpty ? nil : counted + .seconds(max(0, 1 - credit) / turnsPerSecond)
    }

    private mutating func count(at now: ContinuousClock.Instant) {
        credit = min(Self.turnsMax, credit + (now - counted) / .seconds(1) * turnsPerSecond)
        counted = now
    }
}
