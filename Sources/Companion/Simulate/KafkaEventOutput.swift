import EventProcessing
import Program
import Regression
import Specification
import Streaming

/// Events as records of the machines' topics, keyed by the subject, at the event's own time.
struct KafkaEventOutput: SimulationOutput {
    /// How long a stop waits for records that are on their way.
    private static let farewellMilliseconds = 3000

    private let producer: KafkaProducer
    private let topics: Preset.Topics
    private let specification: ModelSpecification

    init(_ cluster: KafkaCluster, topics: Preset.Topics, specification: ModelSpecification) throws(KafkaError) {
        producer = try KafkaProducer(cluster, isWatched: true)
        self.topics = topics
        self.specification = specification
    }

    func append(_ event: Event) throws -> OutputOutcome {
        let record = Record(event, topics: topics, specification: specification)
        while try !producer.publish(record) {
            guard StopSignals.received == nil else { return try farewell() }
            try producer.serve(waiting: 50)
        }
        return .written
    }

    func flush() throws -> OutputOutcome {
        while try !producer.flush(waiting: 200) {
            guard StopSignals.received == nil else { return try farewell() }
        }
        return .written
    }

    private func farewell() throws -> OutputOutcome {
        guard try producer.flush(waiting: Self.farewellMilliseconds) else {
            throw Undelivered()
        }
        return .ended
    }
}

struct Undelivered: Error, CustomStringConvertible {
    let description = "stopped while the cluster was away: the last events have not arrived"
}
