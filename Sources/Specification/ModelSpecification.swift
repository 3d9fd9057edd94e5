package import Regression

/// What is predicted from what, and the names that the variables carry in requests and documents.
///
/// This one value is all that the program knows of its subject; another subject is another value. A model carries its own.
/// A class, as it never changes and is handed on with every event: a copy of all its names would cost more than the event.
@usableFromInline package final class ModelSpecification: Sendable {
    /// A short name for messages and file names, such as `houses`.
    package let subject: String
    package let response: Response
    /// The numbers that a row has, in the order of documents.
    package let predictors: [Predictor]
    /// The factor whose levels are watched, judged and chosen by separately; nil where all rows are one group.
    @usableFromInline package let factor: Factor?
    package let otherFactors: [Factor]
    /// The grouping factor first, then the others.
    package let factors: [Factor]
    /// How a model takes the values of a row.
    package let row: RowColumns
    package let formula: Formula
    package let errorMeasure: ErrorMeasure
    package let estimate: EstimateKind
    package let fields: Fields
    let observationNames: ObservationNames

    /// The number that is predicted.
    package struct Response: Sendable, Hashable {
        /// The name in the formula and in topics: `price`.
        package let name: String
        /// The field of the event that tells the truth, and of the answer to a prediction: `Price`.
        package let field: String
        /// The field of an observation: `ActualPrice`.
        package let actualField: String
        /// The field of an observation: `PredictedPrice`.
        package let predictedField: String
        /// Other names of the two in rows that others wrote, whatever their case: `ACTUAL` and `PREDICTION`.
        package let actualAliases: [String]
        package let predictedAliases: [String]
        /// What is accepted as the truth.
        package let bounds: Bounds

        /// Where nobody says: beyond all that is measured, and far from where squares and sums of it would overflow.
        static let maximumDefault = 1e6

        package init(
            name: String, field: String, actualField: String, predictedField: String, actualAliases: [String] = [],
            predictedAliases: [String] = [], bounds: Bounds = .above(0, upTo: maximumDefault)
        ) {
            self.name = name
            self.field = field
            self.actualField = actualField
            self.predictedField = predictedField
            self.actualAliases = actualAliases
            self.predictedAliases = predictedAliases
            self.bounds = bounds
        }

        package func admits(_ value: Double) -> Bool { bounds.contains(value) }

        /// What is admitted, for messages.
        package var accepted: String { bounds.accepted }
    }

    /// A number that it is predicted from.
    package struct Predictor: Sendable, Hashable {
        /// The name in the formula and of the request's parameter: `area`.
        package let name: String
        /// The name in documents: `Area`.
        package let field: String
        /// Other names in rows that others wrote, whatever their case.
        package let aliases: [String]
        /// For people; empty where nobody said.
        package let unit: String
        package let bounds: Bounds

        package init(name: String, field: String, aliases: [String] = [], unit: String = "", bounds: Bounds) {
            self.name = name
            self.field = field
            self.aliases = aliases
            self.unit = unit
            self.bounds = bounds
        }

        /// - Parameter maximum: accepted are numbers above 0 up to and including this one.
        package init(name: String, field: String, maximum: Double) {
            self.init(name: name, field: field, bounds: .above(0, upTo: maximum))
        }

        package func admits(_ value: Double) -> Bool { bounds.contains(value) }

        /// What is admitted, for messages.
        package var accepted: String { bounds.accepted }
    }

    /// A name that it is predicted from.
    @usableFromInline package struct Factor: Sendable, Hashable {
        package let name: String
        package let field: String
        /// Other names in rows that others wrote, whatever their case.
        package let aliases: [String]
        /// The longest name that is accepted, in Unicode scalars: what JSON Schema's `maxLength` counts.
        package let charactersMax: Int

        package init(name: String, field: String, aliases: [String] = [], charactersMax: Int) {
            self.name = name
            self.field = field
            self.aliases = aliases
            self.charactersMax = charactersMax
        }

        /// Whether a name can be one of a level: not empty, not too long, and without characters that nobody sees, with
        /// which two names could look alike.
        package func admits(_ level: String) -> Bool {
            var level = level
            var isASCII = true
            let fits = level.withUTF8 { bytes in
                guard !bytes.isEmpty else { return false }
                var count = 0
                for index in bytes.indices {
                    let byte = unsafe bytes[index]
                    if byte < 0x20 || byte == 0x7F { return false }
                    if byte >= 0x80 { isASCII = false }
                    // Each character has one byte that does not go on from the one before.
                    if byte & 0xC0 != 0x80 { count += 1 }
                }
                return count <= charactersMax
            }
            return fits && (isASCII || level.unicodeScalars.allSatisfy(\.isVisible))
        }

        /// What is admitted, for messages.
        package var accepted: String {
            "a name of 1 to \(charactersMax) characters, none of them a control or format character"
        }
    }

    /// The fields of a document that are no variable of the model.
    package struct Fields: Sendable, Hashable {
        package let identifier: String
        package let timestamp: String
        package let error: String
        package let modelTime: String
        /// What an answer calls a level of the grouping factor that the model has not seen, beside `Unseen`, which names all
        /// such levels; nil for nothing.
        package let unseenLevel: String?
        /// What answers call another spelling of a level that the model knows.
        package let similarLevel: String

        package init(
            identifier: String, timestamp: String, error: String, modelTime: String, unseenLevel: String? = nil,
            similarLevel: String = "Similar"
        ) {
            self.identifier = identifier
            self.timestamp = timestamp
            self.error = error
            self.modelTime = modelTime
            self.unseenLevel = unseenLevel
            self.similarLevel = similarLevel
        }
    }

    package init(
        subject: String, response: Response, predictors: [Predictor], factor: Factor?, otherFactors: [Factor] = [],
        formula: Formula, errorMeasure: ErrorMeasure, estimate: EstimateKind = .median, fields: Fields
    ) {
        self.subject = subject
        self.response = response
        self.predictors = predictors
        self.factor = factor
        self.otherFactors = otherFactors
        factors = (factor.map { [$0] } ?? []) + otherFactors
        row = RowColumns(numbers: predictors.map(\.name), factors: factors.map(\.name))
        self.formula = formula
        self.errorMeasure = errorMeasure
        self.estimate = estimate
        self.fields = fields
        observationNames = ObservationNames(
            fields, response, predictors, factor: factor, otherFactors: otherFactors)
    }

    /// The response by the predictors and the factor, in this order, with relative errors: `price ~ area + rooms +
    /// district`.
    package convenience init(
        subject: String, response: Response, predictors: [Predictor], factor: Factor, fields: Fields
    ) {
        self.init(
            subject: subject, response: response, predictors: predictors, factor: factor,
            formula: Formula(response: response.name, columns: predictors.map(\.name), factor: factor.name),
            errorMeasure: .relative, fields: fields)
    }

    /// What a prediction is made from, by the names in requests and in documents: the predictors, then the factors.
    package var variables: [(name: String, field: String)] {
        predictors.map { ($0.name, $0.field) } + factors.map { ($0.name, $0.field) }
    }

    /// The levels of a row in the order of `factors`. Inlinable, as a judge asks for those of each row many times.
    /// - Parameter level: of the grouping factor, and nothing where there is none.
    @inlinable package func levels<Level>(_ level: Level, _ otherLevels: [Level]) -> [Level] {
        guard factor != nil else { return otherLevels }
        return otherLevels.isEmpty ? [level] : [level] + otherLevels
    }

    /// The name of the grouping factor; `group` where there is none.
    package var groupName: String { factor?.name ?? "group" }
}

extension ModelSpecification: Hashable {
    /// Those that follow from the others are left out.
    @usableFromInline package static func == (left: ModelSpecification, right: ModelSpecification) -> Bool {
        left === right
            || left.subject == right.subject && left.response == right.response
                && left.predictors == right.predictors && left.factor == right.factor
                && left.otherFactors == right.otherFactors && left.formula == right.formula
                && left.errorMeasure == right.errorMeasure && left.estimate == right.estimate
                && left.fields == right.fields
    }

    @usableFromInline package func hash(into hasher: inout Hasher) {
        hasher.combine(subject)
        hasher.combine(response)
        hasher.combine(predictors)
        hasher.combine(factors)
        hasher.combine(formula)
        hasher.combine(fields)
    }
}

extension Formula {
    /// The response by the columns, each as it is.
    static func text(response: String, columns: [String]) -> String {
        "\(response.quotedForR) ~ \(columns.map(\.quotedForR).joined(separator: " + "))"
    }

    /// The response by columns of numbers and one of levels.
    fileprivate init(response: String, columns: [String], factor: String) {
        do {
            try self.init(Self.text(response: response, columns: columns + [factor]), factors: [factor])
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

extension Unicode.Scalar {
    /// Neither a control character (U+0085) nor one that changes how others are shown (U+200B, U+202E), nor a line's end.
    fileprivate var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
