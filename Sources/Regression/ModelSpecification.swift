/// What is predicted from what, and the names that the variables carry in requests and documents.
///
/// This one value is all that the program knows of its subject: the fish of the worked example stand in one constant
/// of the executable, and another subject is another value. The order of `predictors` is the order of the columns.
package struct ModelSpecification: Sendable, Hashable {
    /// A short name for messages and file names, such as `fish`.
    package let subject: String
    package let response: Response
    package let predictors: [Predictor]
    /// The categorical predictor. It enters the formula, after the others, where the rows hold more than one level.
    package let factor: Factor
    package let fields: Fields

    /// The number that is predicted.
    package struct Response: Sendable, Hashable {
        /// The name in the formula and in topics: `weight`.
        package let name: String
        /// The field of the event that tells the truth, and of the answer to a prediction: `Weight`.
        package let field: String
        /// The field of an observation: `ActualWeight`.
        package let actualField: String
        /// The field of an observation: `PredictedWeight`.
        package let predictedField: String
        /// Other names of the two in rows that others wrote, whatever their case: `ACTUAL` and `PREDICTION`.
        package let actualAliases: [String]
        package let predictedAliases: [String]
        /// Accepted as the truth are numbers above 0 up to and including this one, in the unit of the data.
        package let maximum: Double

        /// Where nobody says: beyond all that is measured, and far from where squares and sums of it would overflow.
        package static let maximumDefault = 1e6

        package init(
            name: String, field: String, actualField: String, predictedField: String, actualAliases: [String] = [],
            predictedAliases: [String] = [], maximum: Double = maximumDefault
        ) {
            self.name = name
            self.field = field
            self.actualField = actualField
            self.predictedField = predictedField
            self.actualAliases = actualAliases
            self.predictedAliases = predictedAliases
            self.maximum = maximum
        }

        package func admits(_ value: Double) -> Bool { value > 0 && value <= maximum }

        /// What is admitted, for messages.
        package var accepted: String { "a decimal number above 0 and at most \(maximum.forPeople)" }
    }

    /// A number that it is predicted from.
    package struct Predictor: Sendable, Hashable {
        /// The name in the formula and of the request's parameter: `length`.
        package let name: String
        /// The name in documents: `Length`.
        package let field: String
        /// Accepted are numbers above 0 up to and including this one, in the unit of the data.
        package let maximum: Double

        package init(name: String, field: String, maximum: Double) {
            self.name = name
            self.field = field
            self.maximum = maximum
        }

        package func admits(_ value: Double) -> Bool { value > 0 && value <= maximum }

        /// What is admitted, for messages.
        package var accepted: String { "a decimal number above 0 and at most \(maximum.forPeople)" }
    }

    /// A name that it is predicted from.
    package struct Factor: Sendable, Hashable {
        package let name: String
        package let field: String
        /// The longest name that is accepted, in Unicode scalars: what JSON Schema's `maxLength` counts.
        package let charactersMax: Int

        package init(name: String, field: String, charactersMax: Int) {
            self.name = name
            self.field = field
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

        package init(identifier: String, timestamp: String, error: String, modelTime: String) {
            self.identifier = identifier
            self.timestamp = timestamp
            self.error = error
            self.modelTime = modelTime
        }
    }

    package init(subject: String, response: Response, predictors: [Predictor], factor: Factor, fields: Fields) {
        self.subject = subject
        self.response = response
        self.predictors = predictors
        self.factor = factor
        self.fields = fields
    }

    /// `weight ~ length + height + species`, or without the factor.
    package func formula(withFactor: Bool) -> Formula {
        let terms = predictors.map(\.name) + (withFactor ? [factor.name] : [])
        let text =
            "\(response.name.quotedForR) ~ \(terms.isEmpty ? "1" : terms.map(\.quotedForR).joined(separator: " + "))"
        do { return try Formula(text, factors: [factor.name]) } catch { preconditionFailure("\(error)") }
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

extension Double {
    /// `1000` rather than `1000.0`.
    fileprivate var forPeople: String { Int64(exactly: self).map(String.init) ?? description }
}
