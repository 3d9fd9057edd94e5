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
            "A file of such properties, one a line; --kafka-property stands above it.", valueName: "file"),
        completion: .file())
    var propertyFile: String?

    func properties() throws -> KafkaProperties {
        var properties = try propertyFile.map(Self.properties(file:)) ?? KafkaProperties()
        for line in propertyLines {
            do {
                try properties.set(line: line)
            } catch {
                throw ValidationError("--kafka-property: \(error)")
            }
        }
        for property in properties.all { try Self.checkIsFree(property.name) }
        return properties
    }

    /// What the stages are built on is not for the user to change: it would lose or double records without an error.
    private static func checkIsFree(_ name: String) throws {
        switch name {
        case "bootstrap.servers", "metadata.broker.list":
            throw ValidationError(
                "the Kafka property \(name) is not accepted; the brokers stand in kafka://HOST:PORT")
        case "group.id":
            throw ValidationError(
                "the Kafka property \(name) is not accepted; --kafka-group names the groups of all roles")
        case "enable.auto.commit", "auto.commit.enable", "enable.auto.offset.store", "enable.partition.eof",
            "partition.assignment.strategy", "auto.offset.reset":
            throw ValidationError(
                "the Kafka property \(name) is not accepted; what is read and committed is for tare to say")
        default: break
        }
    }

    private static func properties(file: String) throws -> KafkaProperties {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw ValidationError("--kafka-properties: \(file) cannot be read")
        }
        do {
            return try KafkaProperties(text: text)
        } catch {
            throw ValidationError("--kafka-properties: \(file), \(error)")
        }
    }
}
