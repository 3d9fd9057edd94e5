package import Documents
import Regression
package import Specification

extension Observation {
    /// The longest identifier that is accepted, in Unicode scalars.
    package static let identifierCharactersMax = DocumentLimits.identifierCharactersMax

    package func document(_ specification: ModelSpecification) -> JSON {
        ObservationDocument(
            specification, identifier: identifier, level: level, otherLevels: otherLevels, predictors: predictors,
            predicted: predicted, actual: actual, error: error, modelTime: modelTime,
            timestamp: timestamp?.description
        ).json
    }

    /// Reads a document that a client wants to have recorded.
    ///
    /// The level, every predictor, the actual value and a time are needed. Accepted is what a prediction can be asked of,
    /// an actual value that is positive and within its bound, and a time that is not ahead of the clock by more than the
    /// rule says. A number in quotes is no number. Members that the specification does not name are ignored.
    /// - Throws: the first field that does not fit.
    package init(document: JSON, rule: RowRule) throws(ObservationProblem) {
        let specification = rule.specification
        guard document.members != nil else {
            throw ObservationProblem(field: "the observation", given: Self.shown(document), accepted: "an object")
        }
        let read = StrictFields(document: document)
        let fields = specification.fields
        let response = specification.response
        self.identifier = try read.identifier(fields.identifier)
        self.level = if let factor = specification.factor { try read.level(factor) } else { "" }
        var others: [String?] = []
        for factor in specification.otherFactors { others.append(try read.level(factor)) }
        self.otherLevels = others
        var predictors: [Double?] = []
        for predictor in specification.predictors {
            predictors.append(try read.number(predictor.field, predictor.accepted, where: predictor.admits))
        }
        self.predictors = predictors
        self.predicted = try read.optionalNumber(response.predictedField)
        self.actual = try read.number(response.actualField, response.accepted, where: response.admits)
        self.error = try read.optionalNumber(fields.error)
        self.modelTime = try read.optionalText(fields.modelTime)
        self.timestamp = try read.time(fields.timestamp, rule.clock)
    }

    /// A value as a message shows it: its JSON text, cut where it is long, and what kind of value it is.
    fileprivate static func shown(_ value: JSON?) -> String {
        guard let value else { return "nothing" }
        if value == .null { return "null" }
        let text = value.compact
        let cut = text.count > 60 ? "\(text.prefix(60))…" : text
        return "\(cut) (\(value.kind))"
    }
}

/// One document, field by field, with nothing guessed.
private struct StrictFields {
    let document: JSON

    func number(
        _ field: String, _ accepted: String, where isAdmitted: (Double) -> Bool
    ) throws(ObservationProblem) -> Double {
        guard let number = finite(document[field]), isAdmitted(number) else { throw problem(field, accepted: accepted) }
        return number
    }

    func optionalNumber(_ field: String) throws(ObservationProblem) -> Double? {
        guard let value = present(field) else { return nil }
        guard let number = finite(value) else { throw problem(field, accepted: "a finite number or null") }
        return number
    }

    func optionalText(_ field: String) throws(ObservationProblem) -> String? {
        guard let value = present(field) else { return nil }
        guard let text = value.text, text.unicodeScalars.count <= Observation.identifierCharactersMax else {
            throw problem(
                field, accepted: "a string of up to \(Observation.identifierCharactersMax) characters or null")
        }
        return text
    }

    func level(_ factor: ModelSpecification.Factor) throws(ObservationProblem) -> String {
        guard let level = document[factor.field]?.text, factor.admits(level) else {
            throw problem(factor.field, accepted: factor.accepted)
        }
        return level
    }

    func identifier(_ field: String) throws(ObservationProblem) -> String? {
        guard let value = present(field) else { return nil }
        let number = value.integer.flatMap { Self.exactIntegers.contains($0) ? String($0) : nil }
        guard let text = value.text ?? number, text.unicodeScalars.count <= Observation.identifierCharactersMax else {
            throw problem(
                field,
                accepted: "a string of up to \(Observation.identifierCharactersMax) characters or a whole number up to"
                    + " \(Self.exactIntegers.upperBound)")
        }
        return text
    }

    /// Only times whose text has 24 characters: the order of such texts is the order of the times.
    func time(_ field: String, _ clock: RowRule.Clock?) throws(ObservationProblem) -> Timestamp {
        let value = document[field]
        guard let given = value?.text.flatMap({ Timestamp($0) }) ?? value?.integer.flatMap(Timestamp.init(exactly:))
        else {
            throw problem(
                field, accepted: "a time such as 2021-06-09T13:39:27.971Z or a whole number of milliseconds since 1970")
        }
        // A row of tomorrow would be among the newest until then, and those of today never.
        if let clock, given > clock.latest { throw problem(field, accepted: clock.accepted) }
        return given
    }

    /// Beyond them, readers of JSON disagree on which number was meant: RFC 7493, section 2.2.
    private static let exactIntegers: ClosedRange<Int64> = -9_007_199_254_740_991...9_007_199_254_740_991

    private func present(_ field: String) -> JSON? {
        guard let value = document[field], value != .null else { return nil }
        return value
    }

    private func finite(_ value: JSON?) -> Double? {
        guard let number = value?.double, number.isFinite else { return nil }
        return number
    }

    private func problem(_ field: String, accepted: String) -> ObservationProblem {
        ObservationProblem(field: field, given: Observation.shown(document[field]), accepted: accepted)
    }
}
