import ArgumentParser
import Foundation
import Streaming

/// What only `--source kafka://…` needs.
struct KafkaOptions: ParsableArguments {
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

    @Option(
        name: .customLong("kafka-group"),
        help: ArgumentHelp("Each role reads in the consumer group GROUP-ROLE. Default: tare.", valueName: "group"))
    var group = "tare"

    @Option(
        name: .customLong("topic"),
        help: ArgumentHelp(
            """
            Another name for one of the preset's topics: measurement, prediction, outcome, evaluation, trigger, or \
            dead-letter. May be repeated.
            """, valueName: "which=name"),
        transform: { try TopicName($0) })
    var topics: [TopicName] = []

    /// One topic under another name, as it is typed.
    struct TopicName {
        enum Which: String, CaseIterable {
            case measurement, prediction, outcome, evaluation, trigger
            case deadLetter = "dead-letter"
        }

        let which: Which
        let name: String

        init(_ text: String) throws {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let which = Which(rawValue: parts[0]) else {
                let accepted = Which.allCases.map { "\($0.rawValue)=NAME" }.joined(separator: ", ")
                throw ValidationError("'\(text)' names no topic; accepted are \(accepted)")
            }
            self.which = which
            name = parts[1]
        }
    }

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
                "the Kafka property \(name) is not accepted; the brokers stand in --source kafka://HOST:PORT")
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

    func applied(to preset: Preset) -> Preset {
        var preset = preset
        for topic in topics {
            switch topic.which {
            case .measurement: preset.topics.measurement = topic.name
            case .prediction: preset.topics.prediction = topic.name
            case .outcome: preset.topics.outcome = topic.name
            case .evaluation: preset.topics.evaluation = topic.name
            case .trigger: preset.topics.trigger = topic.name
            case .deadLetter: break
            }
        }
        return preset
    }

    var deadLetterTopic: String { topics.last { $0.which == .deadLetter }?.name ?? "tare-dead-letter" }
}
