import Synchronization

/// Whether the cluster answers: said once for all clients of the process when it is away, and once when it is back.
package final class KafkaPresence: Sendable {
    private let away = Mutex(false)
    private let say: @Sendable (String) -> Void

    package init(say: @escaping @Sendable (String) -> Void) { self.say = say }

    var isAway: Bool { away.withLock(\.self) }

    func noteAbsence(_ reason: String) {
        if set(true) { say("waiting for Kafka: \(reason)") }
    }

    func noteAnswer() {
        if set(false) { say("Kafka is back") }
    }

    /// What librdkafka logs. That a broker is away it says again and again, and `noteAbsence` once.
    func log(_ facility: String, _ text: String) {
        if !["FAIL", "ERROR"].contains(facility) { say("kafka: \(text)") }
    }

    private func set(_ isAway: Bool) -> Bool {
        away.withLock { old in
            defer { old = isAway }
            return old != isAway
        }
    }
}
