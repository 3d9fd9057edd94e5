import Documents
package import Regression

extension OutgoingMessage {
    /// An event as a machine publishes it.
    package init(_ event: Event, topics: Preset.Topics, specification: ModelSpecification) {
        let (topic, identifier, time) =
            switch event {
            case .measurement(let measurement): (topics.measurement, measurement.identifier, measurement.time)
            case .outcome(let outcome): (topics.outcome, outcome.identifier, outcome.time)
            }
        self.init(
            topic: topic, time: time, key: Array(identifier.utf8), value: event.document(specification).bytes)
    }
}
