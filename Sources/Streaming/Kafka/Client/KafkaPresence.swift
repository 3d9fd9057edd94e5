import Threading

/// Whether the cluster answers: said once for all clients of the process when it is away, and once when every one of
/// them that had missed it has it back.
package final class KafkaPresence: Sendable {
    /// What was counted since the start.
    package struct Counts: Sendable, Equatable {
        /// How often the cluster went away.
        package var absences = 0
        /// What librdkafka logged, by the facility that it names.
        package var messages: [String: Int] = [:]

        package init() {}
    }

    /// Facilities of librdkafka that are counted by their names; there are some dozens.
    private static let facilitiesMax = 50

    private let missing = Lock<Set<ObjectIdentifier>>([])
    private let counted = Lock(Counts())
    private let say: @Sendable (String) -> Void

    package init(say: @escaping @Sendable (String) -> Void) { self.say = say }

    func noteAbsence(for client: ObjectIdentifier, _ reason: String) {
        let isFirst = missing.withLock { missing in
            defer { missing.insert(client) }
            return missing.isEmpty
        }
        guard isFirst else { return }
        counted.withLock { $0.absences += 1 }
        say("waiting for Kafka: \(reason)")
    }

    func noteAnswer(for client: ObjectIdentifier) {
        let isLast = missing.withLock { $0.remove(client) != nil && $0.isEmpty }
        if isLast { say("Kafka is back") }
    }

    package var isAway: Bool { missing.withLock { !$0.isEmpty } }

    package var counts: Counts { counted.withLock { $0 } }

    func isAway(for client: ObjectIdentifier) -> Bool { missing.withLock { $0.contains(client) } }

    /// What librdkafka logs. That a broker or the group's coordinator does not answer it says again and again, and
    /// `noteAbsence` once.
    func log(_ facility: String, _ text: String) {
        counted.withLock { counts in
            let isNamed = counts.messages[facility] != nil || counts.messages.count < Self.facilitiesMax
            counts.messages[isNamed ? facility : "other", default: 0] += 1
        }
        if !["FAIL", "ERROR", "REQTMOUT", "SESSTMOUT", "TERMINATE"].contains(facility) { say("kafka: \(text)") }
    }
}
