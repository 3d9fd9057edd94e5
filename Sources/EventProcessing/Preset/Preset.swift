package import Documents

/// One way of running the pipeline: which topics, which columns in which case, and which rules. A value, made from the
/// specification; nothing else in this target depends on which preset it is.
package struct Preset: Sendable, Equatable {
    package struct Topics: Sendable, Equatable {
        package var measurement: String
        package var prediction: String
        package var outcome: String
        package var evaluation: String
        package var trigger: String
    }

    /// How the prediction stands in a record of the prediction topic.
    package enum PredictionForm: Sendable, Equatable {
        /// An object of the response and the model's time.
        case structure
        case number
    }

    /// The names of columns, in the order in which they are written.
    package struct Columns: Sendable, Equatable {
        package var evaluation: [EvaluationColumn]
        package var levels: String
        package var firstIdentifier: String
        package var lastIdentifier: String
        package var meanError: String
    }

    package struct EvaluationColumn: Sendable, Equatable {
        package enum Content: Sendable, Equatable {
            case groupKey, level
            /// An index into the specification's other factors.
            case otherLevel(Int)
            /// An index into the specification's predictors.
            case predictor(Int)
            /// Where the estimate is a mean.
            case median
            case predicted, actual, error, modelTime, timestamp
        }

        package var content: Content
        package var name: String
    }

    /// Which records join, for how long they wait.
    package struct JoinRules: Sendable, Equatable {
        /// In milliseconds.
        package var within: Int64
        /// In milliseconds; nil is Kafka Streams' default, which keeps a record for a day in all.
        package var grace: Int64?

        /// How long a record stays matchable behind the time of its side: both halves of the join's window and the
        /// grace.
        package var retention: Int64 {
            let day: Int64 = 86_400_000
            return grace.map { 2 * within + $0 } ?? max(day, 2 * within)
        }
    }

    package var topics: Topics
    package var columns: Columns
    /// All evaluations are one group; this constant is its key, and the value of its column.
    package var groupKey: String
    package var predictionForm: PredictionForm
    package var fieldNames: FieldNames
    package var join: JoinRules
    package var window: WindowRules
}

/// The presets by the names under which they are asked for.
package enum PresetName: String, Sendable, CaseIterable {
    /// The article's queries: a prediction is a structure, windows are told when they close.
    case blog
    /// The tutorial page's: unquoted, so upper-case columns, a prediction is a number, windows are told as they change.
    case recipe
    /// The recipe repository's: the same with quoted, mixed-case columns.
    case recipeQuoted = "recipe-quoted"
}
