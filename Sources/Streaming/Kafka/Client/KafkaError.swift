import CRDKafka

/// What librdkafka could not do.
package struct KafkaError: Error, Equatable, CustomStringConvertible {
    let code: Int32
    /// In words, with what was given.
    package let description: String

    init(_ description: String, code: Int32 = 0) {
        self.code = code
        self.description = description
    }

    /// - Parameter doing: what was asked for, such as `the commit`.
    init(_ doing: String, _ error: rd_kafka_resp_err_t) {
        code = error.rawValue
        let text = unsafe rd_kafka_err2str(error).map { unsafe String(cString: $0) } ?? "error \(error.rawValue)"
        description = "\(doing) failed: \(text)"
    }

    static let timedOut = RD_KAFKA_RESP_ERR__TIMED_OUT.rawValue

    /// Whether asking again can help: the cluster is away, slow, or busy with sharing out its partitions.
    var isPassing: Bool { !Self.lasting.contains(code) }

    private static let lasting: Set<Int32> = [
        0, RD_KAFKA_RESP_ERR__AUTHENTICATION.rawValue, RD_KAFKA_RESP_ERR__FATAL.rawValue,
        RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue, RD_KAFKA_RESP_ERR__SSL.rawValue,
        RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED.rawValue, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED.rawValue,
        RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED.rawValue, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED.rawValue,
        RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE.rawValue,
    ]

    /// The record itself is refused, whoever sends it and whenever.
    var isOfRecord: Bool { code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE.rawValue }
}
