import Testing

@testable import Streaming

@Suite("Why a cluster does not answer")
struct KafkaAbsenceTests {
    private static let down = "1/1 brokers are down"

    @Test(
        "a listener that ends a connection in plain text is told to be one that may want TLS",
        arguments: [
            "b:9093/bootstrap: Disconnected: verify that security.protocol is correctly configured, broker might require "
                + "SASL authentication (connecting to a SSL listener?)",
            "b:9093/bootstrap: Disconnected while requesting ApiVersion: might be caused by incorrect "
                + "security.protocol configuration (connecting to a SSL listener?) or broker version is < 0.10",
            "b:9093/bootstrap: Receive failed: Invalid response size 352518912 (0..100000000)",
        ])
    func mayWantTLS(_ trouble: String) {
        for (given, wanted) in [("plaintext", "SSL"), ("SASL_PLAINTEXT", "SASL_SSL")] {
            let text = KafkaAbsence(summary: Self.down, trouble: trouble, securityProtocol: given).description
            #expect(text.hasPrefix("\(Self.down) (\(trouble))"))
            #expect(text.contains("security.protocol=\(given), that is without TLS"))
            #expect(text.hasSuffix("add --kafka-property security.protocol=\(wanted)"))
        }
        let encrypted = KafkaAbsence(summary: Self.down, trouble: trouble, securityProtocol: "sasl_ssl")
        #expect(encrypted.description == "\(Self.down) (\(trouble))")
    }

    @Test(
        "where nobody listens, or the name is not known, no hint leads astray",
        arguments: [
            "b:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT)",
            "nowhere:9092/bootstrap: Failed to resolve 'nowhere:9092': Name or service not known",
        ])
    func other(_ trouble: String) {
        let absence = KafkaAbsence(summary: Self.down, trouble: trouble, securityProtocol: "plaintext")
        #expect(absence.description == "\(Self.down) (\(trouble))")
        #expect(KafkaAbsence(summary: Self.down, trouble: nil, securityProtocol: "plaintext").description == Self.down)
    }
}
