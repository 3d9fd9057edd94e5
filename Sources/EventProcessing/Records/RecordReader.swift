import Documents
import Regression
package import Specification

/// Reads records of the preset's topics as inputs of the pipeline.
package struct RecordReader: Sendable {
    /// The field of the prediction topic, named after nothing in the specification.
    static let predictionField = "Prediction"
    /// Why the sequential detector tells of a drift, and its end; a window's record has neither.
    static let causeField = "Cause"
    static let windowEndField = "WindowEnd"

    /// ksqlDB has no bound; where rows are recorded, theirs holds.
    private static let charactersMax = 1024

    private let specification: ModelSpecification
    let preset: Preset
    private let roles: Roles
    private let events: EventReader
    /// The topics that are read, with what each feeds.
    private let stages: [(topic: String, stage: Stage)]

    var charactersMax: Int { events.charactersMax }

    package init(specification: ModelSpecification, preset: Preset, roles: Roles) {
        self.specification = specification
        self.preset = preset
        self.roles = roles
        events = EventReader(
            specification: specification, names: preset.fieldNames,
            charactersMax: roles.contains(.record) ? DocumentLimits.identifierCharactersMax : Self.charactersMax)
        let topics = preset.topics
        stages = [topics.measurement, topics.prediction, topics.outcome, topics.evaluation, topics.trigger].distinct
            .compactMap { topic in Self.stage(topic, topics, roles).map { (topic, $0) } }
    }

    enum Stage: Int, CaseIterable { case measurement, prediction, outcome, evaluation, drift }

    /// The stage that a topic feeds. What one active role hands to the next is not read from a topic as well.
    func stage(_ topic: String) -> Stage? { stages.first { $0.topic == topic }?.stage }

    private static func stage(_ topic: String, _ topics: Preset.Topics, _ roles: Roles) -> Stage? {
        switch topic {
        case topics.measurement where roles.contains(.predict): .measurement
        case topics.prediction where roles.contains(.join) && !roles.contains(.predict): .prediction
        case topics.outcome where roles.contains(.join): .outcome
        case topics.evaluation where !roles.isDisjoint(with: [.window, .record]) && !roles.contains(.join):
            .evaluation
        case topics.trigger where roles.contains(.trigger) && !roles.contains(.window): .drift
        default: nil
        }
    }

    /// - Returns: nil where nobody here reads the topic, and for the tombstone of a trigger, which asks for nothing.
    package func input(_ record: Record, _ headers: DerivedHeaders? = nil) throws(RecordProblem) -> Input? {
        guard let stage = stage(record.topic) else { return nil }
        guard let key = record.key else { throw RecordProblem("the record has no key") }
        guard let value = record.value, value != Array("null".utf8) else {
            if stage == .drift { return nil }
            throw RecordProblem("the record has no value")
        }
        let fields = try events.reader(value)
        if let input = try input(of: stage, fields, headers, key: key, time: record.time) { return input }
        return .drifted(try drift(fields, key: key, time: record.time))
    }

    /// - Parameters:
    ///   - fields: of the record's value.
    ///   - headers: of the record that it came as.
    /// - Returns: nil of a drift, whose columns are no single values.
    func input(
        of stage: Stage, _ fields: some RecordFields, _ headers: DerivedHeaders?, key: [UInt8], time: Timestamp
    ) throws(RecordProblem) -> Input? {
        // ksqlDB reads keys leniently: what is not UTF-8 becomes the replacement character.
        let identifier = String(decoding: key, as: UTF8.self)
        try FieldReader.check(identifier, isAtMost: events.charactersMax, as: specification.fields.identifier)
        switch stage {
        case .measurement:
            return .event(.measurement(try events.measurement(fields, identifier: identifier, time: time)))
        case .outcome:
            var outcome = try events.outcome(fields, identifier: identifier, time: time)
            headers?.apply(to: &outcome)
            return .event(.outcome(consume outcome))
        case .prediction:
            var predicted = try predicted(fields, identifier: identifier, time: time)
            headers?.apply(to: &predicted)
            return .predicted(consume predicted)
        case .evaluation:
            var evaluation = try evaluation(fields, identifier: identifier, time: time)
            headers?.apply(to: &evaluation)
            return .evaluated(consume evaluation)
        case .drift: return nil
        }
    }

    /// The columns of a stage's records.
    struct Columns {
        let names: [String]
        /// The column that holds an object, and the columns of that.
        var object: (name: String, names: [String])?
    }

    /// - Returns: nil of a drift.
    func columns(of stage: Stage) -> Columns? {
        let fields = specification.fields
        let predictors = specification.predictors.map(\.field)
        let factors = specification.otherFactors.map(\.field) + (specification.factor.map { [$0.field] } ?? [])
        // In the order in which they are asked for.
        let machine = predictors + factors + [fields.timestamp]
        switch stage {
        case .measurement: return Columns(names: machine)
        case .outcome: return Columns(names: factors + [specification.response.field, fields.timestamp] + predictors)
        case .prediction:
            let names = machine + [Self.predictionField]
            guard preset.predictionForm == .structure else { return Columns(names: names) }
            return Columns(
                names: names,
                object: (
                    Self.predictionField,
                    [
                        specification.response.field, fields.modelTime, ModelSpecification.medianField,
                        ModelSpecification.sigmaField,
                    ]
                ))
        case .evaluation: return Columns(names: preset.columns.evaluation.map(\.name))
        case .drift: return nil
        }
    }

    private func predicted(
        _ fields: some RecordFields, identifier: String, time: Timestamp
    ) throws(RecordProblem) -> PredictedMeasurement {
        let measurement = try events.measurement(fields, identifier: identifier, time: time)
        switch preset.predictionForm {
        case .number:
            let value = try fields.number(Self.predictionField)
            return PredictedMeasurement(measurement: measurement, value: value, modelTime: nil)
        case .structure:
            guard let inner = try fields.object(Self.predictionField) else {
                return PredictedMeasurement(measurement: measurement, value: nil, modelTime: nil)
            }
            return PredictedMeasurement(
                measurement: measurement, value: try inner.number(specification.response.field),
                modelTime: try inner.text(specification.fields.modelTime), statement: inner.statement)
        }
    }

    private func evaluation(
        _ fields: some RecordFields, identifier: String, time: Timestamp
    ) throws(RecordProblem) -> Evaluation {
        var evaluation = Evaluation(
            identifier: identifier, level: specification.factor == nil ? "" : nil,
            otherLevels: specification.otherFactors.map { _ in nil },
            predictors: specification.predictors.map { _ in nil }, predicted: nil,
            actual: nil, error: nil, modelTime: nil, timestampText: nil, time: time)
        for column in preset.columns.evaluation {
            switch column.content {
            case .groupKey: break
            case .level: evaluation.level = try fields.text(column.name)
            case .otherLevel(let index): evaluation.otherLevels[index] = try fields.text(column.name)
            case .predictor(let index): evaluation.predictors[index] = try fields.number(column.name)
            case .predicted: evaluation.predicted = try fields.number(column.name)
            case .median: evaluation.median = try fields.number(column.name)
            case .actual: evaluation.actual = try fields.number(column.name)
            case .error: evaluation.error = try fields.number(column.name)
            case .modelTime: evaluation.modelTime = try fields.text(column.name)
            case .timestamp: evaluation.timestampText = try fields.text(column.name)
            }
        }
        return evaluation
    }

    private func drift(_ fields: FieldReader, key: [UInt8], time: Timestamp) throws(RecordProblem) -> Drift {
        let columns = preset.columns
        guard let start = WindowKey.start(of: key) else {
            throw RecordProblem("the key of \(key.count) bytes is not that of a window; accepted are 8 or more")
        }
        guard let mean = try fields.number(columns.meanError) else {
            throw RecordProblem("\(columns.meanError) is missing")
        }
        var levels: [String?] = []
        for element in fields.value(columns.levels)?.elements ?? [] { levels.append(element.text) }
        let end =
            fields.value(Self.windowEndField)?.integer.flatMap { Timestamp(exactly: $0) }
            ?? start.advanced(byMilliseconds: preset.window.size)
        return Drift(
            cause: try fields.text(Self.causeField).flatMap(Drift.Cause.init(rawValue:)),
            period: Drift.Period(start: start, end: end), time: time, levels: levels,
            firstIdentifier: try fields.text(columns.firstIdentifier),
            lastIdentifier: try fields.text(columns.lastIdentifier), meanError: mean, count: nil)
    }
}
