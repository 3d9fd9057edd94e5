import Locking

/// Whether the cluster answers: said once for all clients of the process when it is away, and once when every one of
/// them that had missed it has it back.
package final class KafkaPresence: Sendable {
    private let missing = Lock<Set<ObjectIdentifier>>([])
    private let say: @Sendable (String) -> Void

    package init(say: @escaping @Sendable (String) -> Void) { self.say = say }

    func noteAbsence(for client: ObjectIdentifier, _ reason: String) {
        let isFirst = missing.withLock { missing in
            defer { missing.insert(client) }
            return missing.isEmpty
        }
        if isFirst { say("waiting for Kafka: \(reason)") }
    }

    func noteAnswer(for client: ObjectIdentifier) {
        let isLast = missing.withLock { $0.remove(client) != nil && $0.isEmpty }
        if isLast { say("Kafka is back") }
    }

    func isAway(for client: ObjectIdentifier) -> Bool { missing.withLock { $0.contains(client) } }

    /// What librdkafka logs. That a broker or the group's coordinator does not answer it says again and again, and
    /// `noteAbsence` once.
    func log(_ facility: String, _ text: String) {
        if !["FAIL", "ERROR", "REQTMOUT", "SESSTMOUT", "TERMINATE"].contains(facility) { say("kafka: \(text)") }
    }
}
