/// The brokers of a cluster as they are typed: `kafka://HOST:PORT,…`.
struct KafkaAddress: Equatable, CustomStringConvertible {
    private static let scheme = "kafka://"

    /// As librdkafka takes them.
    let brokers: String

    static func isMeant(by text: String) -> Bool { text.hasPrefix(scheme) }

    /// Nil where it names no brokers.
    init?(_ text: String) {
        guard Self.isMeant(by: text) else { return nil }
        brokers = String(text.dropFirst(Self.scheme.count))
        if brokers.isEmpty || brokers.contains("/") { return nil }
    }

    var description: String { Self.scheme + brokers }
}
