package import Documents
import Regression
package import Specification

/// Writes what the pipeline publishes, byte for byte as ksqlDB does, and the documents for people's programs and for the
/// model server.
package struct RecordWriter: Sendable {
    let specification: ModelSpecification
    private let preset: Preset

    package init(specification: ModelSpecification, preset: Preset) {
        self.specification = specification
        self.preset = preset
    }

    package func record(_ publication: Publication) -> Record {
        switch publication {
        case .prediction(let predicted):
            Record(
                topic: preset.topics.prediction, time: predicted.measurement.time,
                key: Array(predicted.measurement.identifier.utf8), value: document(predicted).bytes)
        case .evaluation(let evaluation):
            Record(
                topic: preset.topics.evaluation, time: evaluation.time, key: Array(evaluation.identifier.utf8),
                value: JSON.object(columns(evaluation)).bytes)
        case .drift(let drift):
            // A window's length is known to all; that of another drift stands in the record.
            Record(
                topic: preset.topics.trigger, time: drift.time, key: key(drift.period),
                value: (drift.cause == nil ? .object(columns(drift)) : document(drift)).bytes)
        case .withdrawal(let period, let time):
            Record(topic: preset.topics.trigger, time: time, key: key(period), value: nil)
        }
    }

    private func key(_ period: Drift.Period) -> [UInt8] {
        WindowKey.bytes(groupKey: preset.groupKey, start: period.start)
    }

    /// Its members in the order of their names, as the original's client writes them.
    private func document(_ predicted: PredictedMeasurement) -> JSON {
        let measurement = predicted.measurement
        let (fields, response) = (specification.fields, specification.response)
        let prediction: JSON =
            switch preset.predictionForm {
            case .number: JSON(predicted.value)
            case .structure:
                .object(
                    [
                        JSON.Member(fields.modelTime, JSON(predicted.modelTime)),
                        JSON.Member(response.field, JSON(predicted.value)),
                    ] + (predicted.statement?.members ?? []))
            }
        var members = [
            JSON.Member(fields.identifier, .string(measurement.identifier)),
            JSON.Member(RecordReader.predictionField, prediction),
            JSON.Member(fields.timestamp, JSON(measurement.timestampText)),
        ]
        for (factor, level) in zip(
            specification.factors, specification.levels(measurement.level, measurement.otherLevels))
        {
            members.append(JSON.Member(factor.field, JSON(level)))
        }
        for (predictor, value) in zip(specification.predictors, measurement.predictors) {
            members.append(JSON.Member(predictor.field, JSON(value)))
        }
        return .object(members.sorted { $0.name < $1.name })
    }

    private func columns(_ evaluation: Evaluation) -> [JSON.Member] {
        preset.columns.evaluation.map { JSON.Member($0.name, value(of: $0.content, in: evaluation)) }
    }

    private func value(of content: Preset.EvaluationColumn.Content, in evaluation: Evaluation) -> JSON {
        switch content {
        case .groupKey: .string(preset.groupKey)
        case .level: JSON(evaluation.level)
        case .otherLevel(let index): JSON(evaluation.otherLevels[index])
        case .predictor(let index): JSON(evaluation.predictors[index])
        case .predicted: JSON(evaluation.predicted)
        case .median: JSON(evaluation.median)
        case .actual: JSON(evaluation.actual)
        case .error: JSON(evaluation.error)
        case .modelTime: JSON(evaluation.modelTime)
        case .timestamp: JSON(evaluation.timestampText)
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
    /// The record of the evaluation topic with the identifier, which on the topic is only in the key, before it. Its
    /// name is the specification's under every preset.
    package func document(_ evaluation: Evaluation) -> JSON {
        .object(
            [JSON.Member(specification.fields.identifier, .string(evaluation.identifier))] + columns(evaluation))
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
    package func observation(_ evaluation: Evaluation) -> JSON {
        ObservationDocument.json(
            specification, identifier: evaluation.identifier, level: evaluation.level,
            otherLevels: evaluation.otherLevels, predictors: evaluation.predictors, predicted: evaluation.predicted,
            actual: evaluation.actual,
            error: evaluation.error, modelTime: evaluation.modelTime,
            timestamp: evaluation.timestampText ?? evaluation.time.description)
    }
}
