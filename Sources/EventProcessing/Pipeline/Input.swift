package import Documents

/// What goes into the pipeline. Each input enters at its own stage, so that any part can be played by another program.
package enum Input: Sendable, Equatable {
    case event(Event)
    /// The answer to `Action.predict`, or a record of the prediction topic.
    case predicted(PredictedMeasurement)
    /// A record of the evaluation topic.
    case evaluated(Evaluation)
    /// A record of the trigger topic.
    case drifted(Drift)
    /// The answer to `Action.trigger`; after a training another model answers.
    case trained(TrainingReply)
    /// The answer to `Action.ask`: what the model that answers now says of itself, nil where it cannot be asked; and the
    /// input that waited for it.
    indirect case stated(ModelStatement?, then: Input)
    /// No more will come.
    case ended
}

/// What is to be done, in this order. The pipeline itself does nothing.
package enum Action: Sendable, Equatable {
    /// Ask the model, and hand the answer back as `Input.predicted`.
    case predict(Measurement)
    /// Ask the model that answers now what it says of itself, because this input comes of one that is not known, and hand
    /// the answer back as `Input.stated`.
    case ask(then: Input)
    case publish(Publication)
    /// Store the row for training.
    case record(Evaluation)
    /// Have the model trained, once every row recorded before is stored, and hand the answer back as `Input.trained`.
    case trigger(Drift)
    /// The input at hand cannot be used.
    case setAside(SetAside)
    /// It was held, or kept for the join, and cannot be used.
    case reject(Event, RecordPlace?, reason: String)
    /// No partner will come for it any more. Emitted only for events read from a topic.
    case abandon(Event, RecordPlace)
    case tell(Remark)
}

/// What stands on a topic, before it is written for one.
package enum Publication: Sendable, Equatable {
    case prediction(PredictedMeasurement)
    case evaluation(Evaluation)
    case drift(Drift)
    /// A drift that was published no longer holds; becomes a tombstone.
    case withdrawal(Drift.Period, time: Timestamp)
}
