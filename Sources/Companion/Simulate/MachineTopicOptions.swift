import ArgumentParser
import EventProcessing
import Regression
import Specification

/// What only `--to kafka://…` needs.
struct MachineTopicOptions: ParsableArguments {
    @Option(help: "Whose names the topics have: blog, recipe or recipe-quoted. Default: blog.")
    var preset: PresetName?

    @Option(
        name: .customLong("topic"),
        help: ArgumentHelp(
            "Another name for a topic: measurement=NAME or outcome=NAME. May be repeated.", valueName: "which=name"),
        transform: { text in
            let topic = try TopicName(text)
            guard [.measurement, .outcome].contains(topic.which) else {
                throw ValidationError(
                    "'\(text)' is no topic of the machines; accepted are measurement=NAME and outcome=NAME")
            }
            return topic
        })
    var renamed: [TopicName] = []

    @OptionGroup var connection: KafkaConnectionOptions

    func topics(for specification: ModelSpecification) -> Preset.Topics {
        renamed.reduce(into: Preset(preset ?? .blog, for: specification)) { $1.apply(to: &$0) }.topics
    }
}
