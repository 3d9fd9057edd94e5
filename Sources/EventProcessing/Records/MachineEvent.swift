import Documents
import Regression
package import Specification

extension Record {
    /// An event as a machine publishes it.
    package init(_ event: Event, topics: Preset.Topics, specification: ModelSpecification) {
        let topic =
            switch event {
            case .measurement: topics.measurement
            case .outcome: topics.outcome
            }
        self.init(
            topic, time: event.time, key: Array(event.identifier.utf8),
            value: event.text(specification))
    }
}
