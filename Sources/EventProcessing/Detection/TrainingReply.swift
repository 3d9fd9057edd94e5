package import Documents

/// What the model server made of a trigger: the answer to `POST /train`, as far as the stream acts on it.
package struct TrainingReply: Sendable, Equatable {
    package enum Status: String, Sendable {
        /// Another model answers from now on: a new one, or one that answered before.
        case retrained
        /// A model was fitted, and would have done no better than the one that answers.
        case refused
        /// Nothing was fitted: too early, or too few rows.
        case skipped
    }

    package var status: Status
    /// Of the new model, as it stands in answers.
    package var modelTime: String?
    /// When to ask again: so many seconds later, and after so many more rows; nil where the server does not say.
    package var retryAfterSeconds: Double?
    package var retryAfterRows: Int?

    package init(
        status: Status, modelTime: String? = nil, retryAfterSeconds: Double? = nil, retryAfterRows: Int? = nil
    ) {
        self.status = status
        self.modelTime = modelTime
        self.retryAfterSeconds = retryAfterSeconds
        self.retryAfterRows = retryAfterRows
    }

    /// - Parameter modelTimeField: the member with the new model's time, whose name is the specification's.
    /// - Returns: nil for the answer of a server that tells none of the three.
    package init?(_ answer: JSON, modelTimeField: String) {
        let text = answer["status"]?.text
        guard let status = text == "restored" ? .retrained : text.flatMap(Status.init(rawValue:)) else { return nil }
        self.init(
            status: status, modelTime: answer[modelTimeField]?.text,
            retryAfterSeconds: answer["retryAfterSeconds"]?.double.map { max(0, $0) },
            retryAfterRows: answer["retryAfterRows"]?.integer.map { Int(max(0, $0)) })
    }
}
