package import Documents
import Threading

/// The condition of one of the parts that keep what the service must not lose.
package struct StoreHealth: Sendable, Equatable {
    package enum Part: String, Sendable, CaseIterable { case rows, models, journal }

    package let part: Part
    /// What is wrong, by the last that was asked of it; nil where nothing is.
    package let fault: String?
    /// How many calls have failed since the start.
    package let faults: Int
}

extension ModelService {
    /// Of each part that there is.
    package var storeHealth: [StoreHealth] {
        let watches =
            [(StoreHealth.Part.rows, rowsWatch), (.models, modelsWatch)]
            + (journal == nil ? [] : [(.journal, journalWatch)])
        return watches.map { part, watch in StoreHealth(part: part, fault: watch.fault, faults: watch.faultCount) }
    }

    /// The rows that are stored, newest first.
    /// - Parameter time: only rows before it.
    package func rows(_ count: Int, before time: Timestamp?) throws(StoreError) -> [Observation] {
        if let time { return try store.newest(count, before: time) }
        return try store.newest(count)
    }

    /// Of the model that serves; nil without a model.
    package var rollingError: RollingError? { judging.withLock { $0.model == nil ? nil : $0.rollingError } }

    /// Of the models that served last, by group.
    package var predictionCounts: [PredictionCount] { predictions.withLock(\.counts) }
}
