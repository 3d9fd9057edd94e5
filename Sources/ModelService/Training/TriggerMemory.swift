import Documents
import Specification

/// The triggers that were answered for good, each with its answer: a value of bounded size.
///
/// Sinks deliver at least once, so a trigger may come again after its answer was lost; it gets the same one, and nothing
/// is trained. A model that serves is an answer for good; one that was refused is, as long as the rows are the same; that
/// nothing was trained is none. The oldest are forgotten first.
package struct TriggerMemory: Sendable, Equatable {
    static let answersMax = 128
    static let identitiesMax = 4096
    /// How long a trigger counts as a repeat whose identity a later one may share. The original's machines repeat the
    /// same subjects every six minutes; its sinks give up after fifteen seconds.
    static let briefMilliseconds: Int64 = 5 * 60_000

    /// How long an answer is the answer.
    enum Validity: Equatable {
        /// A model came of it, which serves or has served.
        case always
        /// Until rows come behind this place: then the same trigger may have another answer.
        case untilRows(StorePlace)
    }

    private struct Entry: Equatable {
        let time: Timestamp
        let identities: [TriggerIdentity]
        let answer: JSON
        let validity: Validity
        /// As it stands in the state, which is written anew with each training and holds many of these.
        let text: [UInt8]

        init(time: Timestamp, identities: [TriggerIdentity], answer: JSON, validity: Validity) {
            self.time = time
            self.identities = identities
            self.answer = answer
            self.validity = validity
            func texts(isLasting: Bool) -> JSON {
                .array(identities.filter { $0.isLasting == isLasting }.map { .string($0.text) })
            }
            let document: JSON = [
                "time": .string(time.description), "triggers": texts(isLasting: true),
                "briefTriggers": texts(isLasting: false), "answer": answer, "untilRows": validity.document,
            ]
            text = document.bytes
        }

        func knows(_ identity: TriggerIdentity, at now: Timestamp, end: StorePlace?) -> Bool {
            let age = now.milliseconds - time.milliseconds
            return identities.contains(identity) && (identity.isLasting || age < TriggerMemory.briefMilliseconds)
                && (validity == .always || end.map { validity == .untilRows($0) } ?? false)
        }
    }

    /// Oldest first.
    private var entries: [Entry] = []

    package init() {}

    /// The answer to the newest of the triggers, where all of them were answered before; nil where there are none.
    /// - Parameter end: of the rows; nil where it is not known, and then only what holds always is known.
    func answer(to identities: [TriggerIdentity], at now: Timestamp, end: StorePlace?) -> JSON? {
        guard !identities.isEmpty, identities.allSatisfy({ isKnown($0, at: now, end: end) }) else { return nil }
        return entries.last { entry in identities.contains { entry.knows($0, at: now, end: end) } }?.answer
    }

    /// What was answered before, and still holds, keeps its answer.
    mutating func remember(
        _ identities: [TriggerIdentity], answer: JSON, holding validity: Validity, at now: Timestamp
    ) {
        var end: StorePlace?
        if case .untilRows(let place) = validity { end = place }
        var seen: Set<TriggerIdentity> = []
        let new = identities.filter { seen.insert($0).inserted && !isKnown($0, at: now, end: end) }
        guard !new.isEmpty else { return }
        entries.append(Entry(time: now, identities: new, answer: answer, validity: validity))
        var count = entries.reduce(0) { $0 + $1.identities.count }
        while entries.count > 1, entries.count > Self.answersMax || count > Self.identitiesMax {
            count -= entries.removeFirst().identities.count
        }
    }

    private func isKnown(_ identity: TriggerIdentity, at now: Timestamp, end: StorePlace?) -> Bool {
        entries.contains { $0.knows(identity, at: now, end: end) }
    }
}

// MARK: - Text

extension TriggerMemory {
    /// An array of JSON, of a value each.
    var texts: [[UInt8]] { entries.map(\.text) }

    /// What became of an earlier one since: triggers are forgotten at the front, and remembered at the end.
    /// - Returns: how many answers of it are forgotten, and those that came, as text.
    func change(since last: TriggerMemory) -> (forgotten: Int, texts: [[UInt8]]) {
        let old = last.entries
        let forgotten = old.indices.first { entries.starts(with: old[$0...]) { $0.text == $1.text } } ?? old.count
        return (forgotten, entries.dropFirst(old.count - forgotten).map(\.text))
    }

    /// What such a change makes of this one.
    /// - Parameter reader: of the document of the change.
    func changed(
        forgetting forgotten: Int, adding elements: [JSON], in reader: DocumentReader
    ) throws(ModelDocumentError) -> TriggerMemory {
        guard forgotten <= entries.count else { throw reader.mismatch("forgotten", "at most \(entries.count)") }
        var changed = self
        changed.entries.removeFirst(forgotten)
        changed.entries += try TriggerMemory(elements: elements).entries
        return changed
    }

    init(elements: [JSON]) throws(ModelDocumentError) {
        for element in elements {
            let reader = DocumentReader(element, of: "state.answered")
            let time = try reader.time("time")
            let identities =
                try reader.texts("triggers").map { TriggerIdentity(text: $0, isLasting: true) }
                + reader.texts("briefTriggers").map { TriggerIdentity(text: $0, isLasting: false) }
            let answer = try reader.member("answer")
            // What was remembered without its rows, by an earlier version, holds only where a model came of it.
            guard let validity = Validity(reader.optionalMember("untilRows"), answer: answer) else { continue }
            entries.append(Entry(time: time, identities: identities, answer: answer, validity: validity))
        }
    }
}

extension TriggerMemory.Validity {
    private static let alwaysText = "always"

    fileprivate var document: JSON {
        switch self {
        case .always: .string(Self.alwaysText)
        case .untilRows(let place): place.document
        }
    }

    fileprivate init?(_ document: JSON, answer: JSON) {
        if let place = StorePlace(document: document) {
            self = .untilRows(place)
        } else if document.text == Self.alwaysText || answer["status"] == "retrained" {
            self = .always
        } else {
            return nil
        }
    }
}
