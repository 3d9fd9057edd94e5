package import Documents

/// The triggers that were answered, each with its answer: a value of bounded size.
///
/// Sinks deliver at least once, so a trigger may come again after its answer was lost; it gets the same one, and nothing
/// is trained. The oldest are forgotten first.
package struct TriggerMemory: Sendable, Equatable {
    static let answersMax = 128
    static let identitiesMax = 4096
    /// How long a trigger counts as a repeat whose identity a later one may share. The original's machines repeat the
    /// same subjects every six minutes; its sinks give up after fifteen seconds.
    static let briefMilliseconds: Int64 = 5 * 60_000

    private struct Entry: Equatable {
        let time: Timestamp
        let identities: [TriggerIdentity]
        let answer: JSON

        func knows(_ identity: TriggerIdentity, at now: Timestamp) -> Bool {
            let age = now.milliseconds - time.milliseconds
            return identities.contains(identity) && (identity.isLasting || age < TriggerMemory.briefMilliseconds)
        }
    }

    /// Oldest first.
    private var entries: [Entry] = []

    package init() {}

    /// The answer to the newest of the triggers, where all of them were answered before; nil where there are none.
    package func answer(to identities: [TriggerIdentity], at now: Timestamp) -> JSON? {
        guard !identities.isEmpty, identities.allSatisfy({ isKnown($0, at: now) }) else { return nil }
        return entries.last { entry in identities.contains { entry.knows($0, at: now) } }?.answer
    }

    /// What was answered before keeps its answer.
    package mutating func remember(_ identities: [TriggerIdentity], answer: JSON, at now: Timestamp) {
        var seen: Set<TriggerIdentity> = []
        let new = identities.filter { seen.insert($0).inserted && !isKnown($0, at: now) }
        guard !new.isEmpty else { return }
        entries.append(Entry(time: now, identities: new, answer: answer))
        var count = entries.reduce(0) { $0 + $1.identities.count }
        while entries.count > 1, entries.count > Self.answersMax || count > Self.identitiesMax {
            count -= entries.removeFirst().identities.count
        }
    }

    private func isKnown(_ identity: TriggerIdentity, at now: Timestamp) -> Bool {
        entries.contains { $0.knows(identity, at: now) }
    }
}

// MARK: - Document

extension TriggerMemory {
    var document: JSON {
        .array(
            entries.map { entry in
                func texts(isLasting: Bool) -> JSON {
                    .array(entry.identities.filter { $0.isLasting == isLasting }.map { .string($0.text) })
                }
                return [
                    "time": .string(entry.time.description), "triggers": texts(isLasting: true),
                    "briefTriggers": texts(isLasting: false), "answer": entry.answer,
                ]
            })
    }

    init(elements: [JSON]) throws(ModelDocumentError) {
        for element in elements {
            let reader = DocumentReader(element, of: "state.answered")
            guard let time = Timestamp(try reader.text("time")) else { throw reader.mismatch("time", "a time") }
            let identities =
                try reader.texts("triggers").map { TriggerIdentity(text: $0, isLasting: true) }
                + reader.texts("briefTriggers").map { TriggerIdentity(text: $0, isLasting: false) }
            entries.append(Entry(time: time, identities: identities, answer: try reader.member("answer")))
        }
    }
}
