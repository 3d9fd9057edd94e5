import Documents

/// Holds the events of one machine that are dated far ahead of all its others, until others confirm that time has come
/// so far: a single wrong date must not make time pass, for all that comes after it would be too late.
///
/// Where enough subjects have such a date, time moves on, and what was held is played: so it is after a night, when one
/// event after the other is eight hours ahead. What is not confirmed while many others come is dated wrong.
///
/// The first events of all have nothing to be held against. They pass, and where more subjects then agree on an earlier
/// time, they are held after all, and whatever they had set in motion is to be undone (`Verdict.isRewound`).
struct TimeGuard<Element: Sendable>: Sendable {
    private struct Entry: Sendable {
        let element: Element
        let subject: String
        let time: Int64
        /// Its place in the order in which all came.
        let number: Int
        /// How many events had passed at once when it was held.
        var passedBefore: Int
    }

    /// What becomes of an event, and of those that were held before it.
    struct Verdict: Sendable {
        /// How far it is dated ahead, in milliseconds, where it is held.
        var heldAhead: Int64?
        /// What was let pass before it came is to be forgotten first.
        var isRewound = false
        var passed: [Element] = []
        /// How many of those that passed had been held.
        var confirmed = 0
        /// Held for long and not confirmed, with how far they are ahead.
        var rejected: [(element: Element, ahead: Int64)] = []
    }

    private let rules: TimeRules
    /// The largest time that is believed, in milliseconds.
    private(set) var newest: Int64?
    private var held: [Entry] = []
    private var count = 0
    /// Those that passed at once, which contradict what was held before them.
    private var passedCount = 0
    /// What passed while too few subjects had come to confirm it; nil from then on.
    private var beginning: [Entry]? = []

    init(_ rules: TimeRules) { self.rules = rules }

    var isHolding: Bool { !held.isEmpty }
    /// Whether too few subjects have come for any time to be believed.
    var isBeginning: Bool { beginning != nil }

    /// - Returns: nil where the event passes and sets nothing else in motion, as nearly all do.
    mutating func admit(_ element: Element, of subject: String, at time: Timestamp) -> Verdict? {
        count += 1
        if held.isEmpty, beginning == nil, !isDoubtful(time.milliseconds) {
            passedCount += 1
            newest = max(newest ?? time.milliseconds, time.milliseconds)
            return nil
        }
        var verdict = Verdict()
        let entry = Entry(
            element: element, subject: subject, time: time.milliseconds, number: count, passedBefore: passedCount)
        if isDoubtful(entry.time) {
            hold(entry, &verdict)
        } else {
            pass(entry, &verdict)
            passedCount += 1
            rejectContradicted(&verdict)
            // The new time may have brought some of the held events within reach.
            if !held.isEmpty { playHeld(&verdict) }
            verdict.confirmed = verdict.passed.count - 1
        }
        return verdict
    }

    /// No more will come. What nothing has come after passes, for it can do no harm; the rest is dated wrong.
    mutating func finish() -> Verdict {
        var verdict = Verdict()
        let (left, newest) = (held, newest ?? 0)
        held = []
        for entry in left {
            if entry.passedBefore == passedCount || entry.time <= newest {
                verdict.passed.append(entry.element)
            } else {
                verdict.rejected.append((entry.element, entry.time - newest))
            }
        }
        return verdict
    }

    /// Ahead of what is believed; and while nothing is confirmed, behind it as well.
    private func isDoubtful(_ time: Int64) -> Bool {
        guard let newest else { return false }
        return time > newest + rules.leap || beginning != nil && time < newest - rules.leap
    }

    private mutating func pass(_ entry: Entry, _ verdict: inout Verdict) {
        newest = max(newest ?? entry.time, entry.time)
        verdict.passed.append(entry.element)
        if var passed = beginning {
            passed.append(entry)
            beginning = passed.count > rules.heldMax || Self.subjects(passed) >= rules.subjects ? nil : passed
        }
    }

    private mutating func hold(_ entry: Entry, _ verdict: inout Verdict) {
        held.append(entry)
        if held.count > rules.heldMax { reject(held.removeFirst(), &verdict) }
        let newest = newest ?? 0
        rewind(&verdict)
        advance(&verdict)
        if held.last?.number == entry.number {
            verdict.heldAhead = entry.time - newest
            verdict.confirmed = verdict.passed.count
        } else {
            verdict.confirmed = max(0, verdict.passed.count - 1)
        }
    }

    /// Enough subjects are ahead: the earliest of their times is confirmed, and with it what lies within its reach.
    private mutating func advance(_ verdict: inout Verdict) {
        while true {
            let ahead = held.filter { $0.time > (newest ?? .max) }
            guard Self.subjects(ahead) >= rules.subjects, let time = ahead.map(\.time).min() else { return }
            newest = time
            beginning = nil
            playHeld(&verdict)
        }
    }

    /// Enough subjects are behind the first events, which fewer agree on: those were dated wrong.
    private mutating func rewind(_ verdict: inout Verdict) {
        guard let first = beginning, let newest else { return }
        let behind = held.filter { $0.time < newest }
        guard Self.subjects(behind) >= rules.subjects, let time = behind.map(\.time).min() else { return }
        verdict.isRewound = true
        beginning = nil
        self.newest = time
        held = (first + held).sorted { $0.number < $1.number }
        for index in held.indices { held[index].passedBefore = passedCount }
        playHeld(&verdict)
    }

    /// In the order in which they came, as often as one of them brings another within reach.
    private mutating func playHeld(_ verdict: inout Verdict) {
        var isMoving = true
        while isMoving {
            let waiting = held
            held = []
            for entry in waiting {
                if isDoubtful(entry.time) { held.append(entry) } else { pass(entry, &verdict) }
            }
            isMoving = !held.isEmpty && held.count < waiting.count
        }
    }

    private mutating func rejectContradicted(_ verdict: inout Verdict) {
        while let first = held.first, passedCount - first.passedBefore >= rules.others {
            reject(held.removeFirst(), &verdict)
        }
    }

    private func reject(_ entry: Entry, _ verdict: inout Verdict) {
        verdict.rejected.append((entry.element, entry.time - (newest ?? entry.time)))
    }

    private static func subjects(_ entries: [Entry]) -> Int { Set(entries.map(\.subject)).count }
}
