package import Documents
import Regression
package import Specification

/// Writes what the pipeline publishes, byte for byte as ksqlDB does, and the documents for people's programs and for the
/// model server.
package struct RecordWriter: Sendable {
    package let specification: ModelSpecification
    private let preset: Preset
    private let predictionMembers: [(name: MemberName, content: PredictionContent)]
    private let evaluationMembers: [(name: MemberName, content: Preset.EvaluationColumn.Content)]
    private let identifierName: MemberName

    private enum PredictionContent: Sendable {
        case identifier, prediction, timestamp
        /// An index into the specification's factors, and into its predictors.
        case level(Int), predictor(Int)
    }

    package init(specification: ModelSpecification, preset: Preset) {
        self.specification = specification
        self.preset = preset
        let fields = specification.fields
        var members: [(name: String, content: PredictionContent)] = [
            (fields.identifier, .identifier), (RecordReader.predictionField, .prediction),
            (fields.timestamp, .timestamp),
        ]
        members += specification.factors.enumerated().map { ($1.field, .level($0)) }
        members += specification.predictors.enumerated().map { ($1.field, .predictor($0)) }
        // As the original's client writes them.
        predictionMembers = members.sorted { $0.name < $1.name }.map { (MemberName($0.name), $0.content) }
        evaluationMembers = preset.columns.evaluation.map { (MemberName($0.name), $0.content) }
        identifierName = MemberName(fields.identifier)
    }

    package func record(_ publication: Publication) -> Record {
        switch publication {
        case .prediction(let predicted):
            Record(
                topic: preset.topics.prediction, time: predicted.measurement.time,
                key: Array(predicted.measurement.identifier.utf8), value: text(predicted))
        case .evaluation(let evaluation):
            Record(
                topic: preset.topics.evaluation, time: evaluation.time, key: Array(evaluation.identifier.utf8),
                value: text(evaluation, withIdentifier: false))
        case .drift(let drift):
            // A window's length is known to all; that of another drift stands in the record.
            Record(
                topic: preset.topics.trigger, time: drift.time, key: key(drift.period),
                value: (drift.cause == nil ? .object(columns(drift)) : document(drift)).bytes)
        case .withdrawal(let period, let time):
            Record(preset.topics.trigger, time: time, key: key(period), value: nil)
        }
    }

    private func key(_ period: Drift.Period) -> [UInt8] {
        WindowKey.bytes(groupKey: preset.groupKey, start: period.start)
    }

    private func text(_ predicted: PredictedMeasurement) -> [UInt8] {
        let measurement = predicted.measurement
        let levels = specification.levels(measurement.level, measurement.otherLevels)
        var text = ObjectText()
        for (name, content) in predictionMembers {
            switch content {
            case .identifier: text.add(name, measurement.identifier)
            case .prediction: add(predicted, as: name, to: &text)
            case .timestamp: text.add(name, measurement.timestampText)
            case .level(let index): if index < levels.count { text.add(name, levels[index]) }
            case .predictor(let index):
                if index < measurement.predictors.count { text.add(name, measurement.predictors[index]) }
            }
        }
        return text.closed
    }

    private func add(_ predicted: PredictedMeasurement, as name: MemberName, to text: inout ObjectText) {
        switch preset.predictionForm {
        case .number: text.add(name, predicted.value)
        case .structure:
            text.addObject(name) { inner in
                inner.add(specification.fields.modelTime, predicted.modelTime)
                inner.add(specification.response.field, predicted.value)
                if let median = predicted.statement?.median { inner.add(ModelSpecification.medianField, median) }
                if let sigma = predicted.statement?.sigma { inner.add(ModelSpecification.sigmaField, sigma) }
            }
        }
    }

    private func add(
        _ name: borrowing MemberName, _ content: Preset.EvaluationColumn.Content, of evaluation: Evaluation,
        to text: inout ObjectText
    ) {
        switch content {
        case .groupKey: text.add(name, preset.groupKey)
        case .level: text.add(name, evaluation.level)
        case .otherLevel(let index): text.add(name, evaluation.otherLevels[index])
        case .predictor(let index): text.add(name, evaluation.predictors[index])
        case .predicted: text.add(name, evaluation.predicted)
        case .median: text.add(name, evaluation.median)
        case .actual: text.add(name, evaluation.actual)
        case .error: text.add(name, evaluation.error)
        case .modelTime: text.add(name, evaluation.modelTime)
        case .timestamp: text.add(name, evaluation.timestampText)
        }
    }

    private func columns(_ drift: Drift) -> [JSON.Member] {
        let columns = preset.columns
        return [
            JSON.Member(columns.levels, .array(drift.levels.map { JSON($0) })),
            JSON.Member(columns.firstIdentifier, JSON(drift.firstIdentifier)),
            JSON.Member(columns.lastIdentifier, JSON(drift.lastIdentifier)),
            JSON.Member(columns.meanError, JSON(drift.meanError)),
        ]
    }
}

// MARK: - Documents

extension RecordWriter {
    /// The record of the evaluation topic as an object of JSON in one line.
    ///
    /// - Parameter withIdentifier: whether the identifier, which on the topic is only in the key, stands before it. Its
    ///   name is the specification's under every preset.
    package func text(_ evaluation: Evaluation, withIdentifier: Bool = true) -> [UInt8] {
        var text = ObjectText()
        if withIdentifier { text.add(identifierName, evaluation.identifier) }
        // By a span, so that no name is held for as long as it is written.
        let members = evaluationMembers.span
        for place in members.indices { add(members[place].name, members[place].content, of: evaluation, to: &text) }
        return text.closed
    }

    /// The record of the trigger topic with the bounds of its window, in milliseconds since 1970, and what it is told for
    /// where no window found it: what is shown, and what is sent to `POST /train`.
    package func document(_ drift: Drift) -> JSON {
        .object(
            columns(drift) + [
                JSON.Member("WindowStart", .integer(drift.period.start.milliseconds)),
                JSON.Member(RecordReader.windowEndField, .integer(drift.period.end.milliseconds)),
            ] + (drift.cause.map { [JSON.Member(RecordReader.causeField, .string($0.rawValue))] } ?? []))
    }

    /// The answer to `POST /train`, with the new model's time as predictions will carry it.
    package func reply(_ answer: JSON) -> TrainingReply? {
        TrainingReply(answer, modelTimeField: specification.fields.modelTime)
    }

    /// What is sent to `POST /observations`: the same under every preset. A row must say when it was; where the outcome
    /// had no text for it, the row's own time stands in.
    package func observation(_ evaluation: Evaluation) -> [UInt8] {
        ObservationDocument(
            specification, identifier: evaluation.identifier, level: evaluation.level,
            otherLevels: evaluation.otherLevels, predictors: evaluation.predictors, predicted: evaluation.predicted,
            actual: evaluation.actual,
            error: evaluation.error, modelTime: evaluation.modelTime,
            timestamp: evaluation.timestampText ?? evaluation.time.description
        ).text
    }
}
