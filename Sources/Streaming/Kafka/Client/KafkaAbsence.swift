/// Why the cluster does not answer, in words, with what may help.
struct KafkaAbsence: Equatable, CustomStringConvertible {
    /// Such as `1/1 brokers are down`.
    var summary: String
    /// What happened with one of the brokers last.
    var trouble: String?
    /// As librdkafka names it.
    var securityProtocol: String

    var description: String {
        let text = trouble.map { "\(summary) (\($0))" } ?? summary
        guard mayWantTLS else { return text }
        return
            "\(text); it was asked with security.protocol=\(securityProtocol), that is without TLS. If the listener wants "
            + "TLS, add --kafka-property security.protocol=\(encryptedProtocol)"
    }

    /// A listener that wants TLS takes the connection and ends it at the first question, or answers what is no answer, or
    /// nothing.
    /// Nobody listening, or a name that is not known, is something else.
    private var mayWantTLS: Bool {
        guard let trouble, !isEncrypted else { return false }
        return ["SSL listener", "Invalid response size", "ApiVersion"].contains { trouble.contains($0) }
    }

    private var isEncrypted: Bool { securityProtocol.lowercased().hasSuffix("ssl") }

    private var encryptedProtocol: String {
        securityProtocol.lowercased().hasPrefix("sasl") ? "SASL_SSL" : "SSL"
    }
}
