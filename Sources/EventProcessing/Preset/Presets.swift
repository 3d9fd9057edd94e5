import Documents
import Regression
package import Specification

extension Preset {
    /// Sources: `Queries.ksql` of the article's repository; `process.sql` of the tutorial page and of the recipe.
    package init(_ name: PresetName, for specification: ModelSpecification) {
        switch name {
        case .blog: self = .blog(specification)
        case .recipe: self = .recipe(specification)
        case .recipeQuoted: self = .recipeQuoted(specification)
        }
    }

    /// What all of them share.
    private static let minute: Int64 = 60_000

    /// The original's, of relative errors. In sigmas the mean error of a good model is 0.8. In a unit nobody knows: none
    /// is exceeded.
    private static func threshold(_ specification: ModelSpecification) -> Double {
        switch specification.errorMeasure {
        case .relative: 0.15
        case .absolute: .infinity
        case .sigma: 2
        }
    }

    private static func blog(_ specification: ModelSpecification) -> Preset {
        let (response, fields) = (specification.response, specification.fields)
        let subject = response.name.ofTopic
        return Preset(
            topics: Topics(
                measurement: "machine-measurement", prediction: "\(subject)-prediction",
                outcome: "machine-\(subject)", evaluation: "\(subject)-diff", trigger: "\(subject)-retrain"),
            columns: Columns(
                evaluation: leadingColumns(specification) + [
                    EvaluationColumn(content: .predicted, name: response.predictedField),
                    EvaluationColumn(content: .actual, name: response.actualField),
                    EvaluationColumn(content: .error, name: fields.error),
                    EvaluationColumn(content: .modelTime, name: fields.modelTime),
                    EvaluationColumn(content: .timestamp, name: fields.timestamp),
                ],
                specification: specification),
            groupKey: "Key", predictionForm: .structure, fieldNames: .exact,
            join: JoinRules(within: minute, grace: nil),
            window: WindowRules(
                size: minute, grace: 0, threshold: WindowRules.Threshold(value: threshold(specification)),
                emission: .final))
    }

    private static func recipeQuoted(_ specification: ModelSpecification) -> Preset {
        let response = specification.response
        let subject = response.name.ofTopic
        return Preset(
            topics: Topics(
                measurement: "kt.mdb.machine-measurement", prediction: "kt.mdb.\(subject)-prediction",
                outcome: "kt.mdb.machine-\(subject)", evaluation: "diff_\(subject)", trigger: "retrain_\(subject)"),
            columns: Columns(
                evaluation: leadingColumns(specification) + [
                    EvaluationColumn(content: .predicted, name: response.predictedField),
                    EvaluationColumn(content: .actual, name: response.actualField),
                    EvaluationColumn(content: .error, name: specification.fields.error),
                ],
                specification: specification),
            groupKey: "Key", predictionForm: specification.needsStatement ? .structure : .number, fieldNames: .exact,
            join: JoinRules(within: minute, grace: minute),
            window: WindowRules(
                size: minute, grace: minute,
                threshold: WindowRules.Threshold(value: threshold(specification), places: 2),
                emission: .changes))
    }

    private static func recipe(_ specification: ModelSpecification) -> Preset {
        var preset = recipeQuoted(specification)
        preset.columns.evaluation = preset.columns.evaluation.map { column in
            switch column.content {
            case .predicted: EvaluationColumn(content: .predicted, name: "PREDICTION")
            case .actual: EvaluationColumn(content: .actual, name: "ACTUAL")
            default: EvaluationColumn(content: column.content, name: column.name.uppercased())
            }
        }
        preset.columns.levels = preset.columns.levels.uppercased()
        preset.columns.firstIdentifier = preset.columns.firstIdentifier.uppercased()
        preset.columns.lastIdentifier = preset.columns.lastIdentifier.uppercased()
        preset.columns.meanError = preset.columns.meanError.uppercased()
        preset.groupKey = "key"
        preset.fieldNames = .anyCase
        return preset
    }

    private static func leadingColumns(_ specification: ModelSpecification) -> [EvaluationColumn] {
        [EvaluationColumn(content: .groupKey, name: "Key")]
            + (specification.factor.map { [EvaluationColumn(content: .level, name: $0.field)] } ?? [])
            + specification.otherFactors.enumerated().map { index, factor in
                EvaluationColumn(content: .otherLevel(index), name: factor.field)
            }
            + specification.predictors.enumerated().map { index, predictor in
                EvaluationColumn(content: .predictor(index), name: predictor.field)
            }
            + (specification.needsMedian
                ? [EvaluationColumn(content: .median, name: ModelSpecification.medianField)] : [])
    }
}

extension String {
    /// As a part of a topic's name, which holds ASCII letters, digits and `._-` only and has at most 249 of them (Kafka's
    /// `Topic.validate`): every other character as `_`, and the first 200 of them.
    fileprivate var ofTopic: String {
        String(
            prefix(200).map { character in
                character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
                    ? character : "_"
            })
    }
}

extension Preset.Columns {
    fileprivate init(evaluation: [Preset.EvaluationColumn], specification: ModelSpecification) {
        let fields = specification.fields
        self.init(
            evaluation: evaluation, levels: specification.factor?.field ?? "Group",
            firstIdentifier: "\(fields.identifier)_Start",
            lastIdentifier: "\(fields.identifier)_End", meanError: "\(fields.error)Avg")
    }
}
