package import Documents

/// Something that happened to one subject at one time.
package enum Event: Sendable, Equatable {
    /// The predictors were measured: a prediction is wanted.
    case measurement(Measurement)
    /// The truth was told.
    case outcome(Outcome)
}

extension Event {
    package var identifier: String {
        switch self {
        case .measurement(let measurement): measurement.identifier
        case .outcome(let outcome): outcome.identifier
        }
    }

    package var time: Timestamp {
        switch self {
        case .measurement(let measurement): measurement.time
        case .outcome(let outcome): outcome.time
        }
    }

    /// For messages.
    var kind: String {
        switch self {
        case .measurement: "measurement"
        case .outcome: "outcome"
        }
    }
}

package struct Measurement: Sendable, Equatable {
    /// The subject's own identifier; two events join by it.
    package var identifier: String
    /// Of the grouping factor; empty where there is none.
    package var level: String?
    /// Of the other factors, in the order of the specification.
    package var otherLevels: [String?]
    /// In the order of the specification's predictors; nil where the event had null or nothing.
    package var predictors: [Double?]
    /// The text of the event's own timestamp field, which is payload only.
    package var timestampText: String?
    /// Event time: of the record on a topic, else of the event's timestamp field.
    package var time: Timestamp
}

extension Measurement {
    package init(
        identifier: String, level: String?, predictors: [Double?], timestampText: String?, time: Timestamp
    ) {
        self.init(
            identifier: identifier, level: level, otherLevels: [], predictors: predictors,
            timestampText: timestampText, time: time)
    }

    /// Of what is kept of it beside its key.
    var textBytes: Int { (level?.utf8.count ?? 0) + (timestampText?.utf8.count ?? 0) }
}

extension Outcome {
    package init(identifier: String, level: String?, value: Double?, timestampText: String?, time: Timestamp) {
        self.init(
            identifier: identifier, level: level, value: value, timestampText: timestampText, time: time, source: nil)
    }

    /// Of what is kept of it beside its key.
    var textBytes: Int { (level?.utf8.count ?? 0) + (timestampText?.utf8.count ?? 0) }
}

package struct Outcome: Sendable, Equatable {
    package var identifier: String
    package var level: String?
    /// The true value of the response.
    package var value: Double?
    package var timestampText: String?
    package var time: Timestamp
    /// Its record; nil where it did not come from a topic.
    package var source: RecordPlace?
}
