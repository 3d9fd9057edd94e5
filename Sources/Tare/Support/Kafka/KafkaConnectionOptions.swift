import ArgumentParser
import Foundation
import Streaming

/// What librdkafka is to be told.
struct KafkaConnectionOptions: ParsableArguments {
    @Option(
        name: .customLong("kafka-property"),
        help: ArgumentHelp(
            "A property of librdkafka, such as security.protocol=SASL_SSL. May be repeated.", valueName: "name=value"))
    var propertyLines: [String] = []

    @Option(
        name: .customLong("kafka-properties"),
        help: ArgumentHelp(
            "A file of such properties, one a line; --kafka-property stands above it.", valueName: "file"))
    var propertyFile: String?

    func properties() throws -> KafkaProperties {
        var properties = KafkaProperties()
        do {
            if let propertyFile {
                guard let text = try? String(contentsOfFile: propertyFile, encoding: .utf8) else {
                    throw ValidationError("--kafka-properties: \(propertyFile) cannot be read")
                }
                properties = try KafkaProperties(text: text)
            }
            for line in propertyLines { try properties.set(line: line) }
        } catch let error as KafkaError {
            throw ValidationError(error.description)
        }
        return properties
    }
}
