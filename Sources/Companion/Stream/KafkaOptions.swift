import ArgumentParser
import EventProcessing

/// What only `--source kafka://…` needs.
struct KafkaOptions: ParsableArguments {
    @OptionGroup var connection: KafkaConnectionOptions

    @Option(
        name: .customLong("kafka-group"),
        help: ArgumentHelp(
            """
            Each role reads in the consumer group GROUP-ROLE; --detector sequential keeps what it knows on the topic \
            GROUP-window-changelog. Default: tare.
            """, valueName: "group"))
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

    func applied(to preset: Preset) -> Preset { topics.reduce(into: preset) { $1.apply(to: &$0) } }

    var deadLetterTopic: String { topics.last { $0.which == .deadLetter }?.name ?? "tare-dead-letter" }
}
