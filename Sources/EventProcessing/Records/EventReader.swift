package import Documents
import Regression
package import Specification

/// Reads the machines' events: an object with predictors is a measurement, one with the response tells the truth; both
/// have the identifier, the level and a timestamp.
package struct EventReader: Sendable {
    let specification: ModelSpecification
    let names: FieldNames
    let charactersMax: Int

    /// - Parameter charactersMax: of each text, in Unicode scalars.
    package init(
        specification: ModelSpecification, names: FieldNames,
        charactersMax: Int = DocumentLimits.identifierCharactersMax
    ) {
        self.specification = specification
        self.names = names
        self.charactersMax = charactersMax
    }

    /// One line of NDJSON. Its own timestamp is the event's time, so it must have one.
    package func event(line: some Sequence<UInt8>) throws(RecordProblem) -> Event {
        let fields = try reader(line)
        guard let identifier = try fields.text(specification.fields.identifier) else {
            throw RecordProblem("\(specification.fields.identifier) is missing")
        }
        let name = specification.fields.timestamp
        guard let text = try fields.text(name) else {
            throw RecordProblem("\(name) is missing; accepted is a time such as 2021-06-09T13:39:27.971Z")
        }
        guard let time = Timestamp(text) else {
            throw RecordProblem("\(name) is '\(text.excerpt)'; accepted is a time such as 2021-06-09T13:39:27.971Z")
        }
        return try event(fields, identifier: identifier, time: time)
    }

    func reader(_ bytes: some Sequence<UInt8>) throws(RecordProblem) -> FieldReader {
        let document: JSON
        do {
            document = try JSON(parsing: Self.withoutMark(Array(bytes)), repeatedNames: .lastWins)
        } catch {
            throw RecordProblem("not JSON: \(error)")
        }
        return try FieldReader(document, names: names, charactersMax: charactersMax)
    }

    /// Some editors begin a file with the byte order mark of UTF-8, and ksqlDB takes it too.
    private static func withoutMark(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    }

    private func event(_ fields: FieldReader, identifier: String, time: Timestamp) throws(RecordProblem) -> Event {
        // The grouping factor may stand in both.
        let variables = specification.predictors.map(\.field) + specification.otherFactors.map(\.field)
        let measured = (variables.isEmpty ? specification.factors.map(\.field) : variables).filter(fields.has)
        switch (measured.first, fields.has(specification.response.field)) {
        case (let name?, true):
            throw RecordProblem(
                "both \(name) and \(specification.response.field): a measurement and its outcome are two events")
        case (nil, false):
            let accepted = variables.joined(separator: ", ")
            throw RecordProblem(
                "neither \(accepted) nor \(specification.response.field): neither a measurement nor an outcome")
        case (_?, false): return .measurement(try measurement(fields, identifier: identifier, time: time))
        case (nil, true): return .outcome(try outcome(fields, identifier: identifier, time: time))
        }
    }

    func measurement(
        _ fields: some RecordFields, identifier: String, time: Timestamp
    ) throws(RecordProblem) -> Measurement {
        var predictors: [Double?] = []
        predictors.reserveCapacity(specification.predictors.count)
        for predictor in specification.predictors { predictors.append(try fields.number(predictor.field)) }
        var others: [String?] = []
        for factor in specification.otherFactors { others.append(try fields.text(factor.field)) }
        return Measurement(
            identifier: identifier, level: try level(fields), otherLevels: others, predictors: predictors,
            timestampText: try fields.text(specification.fields.timestamp), time: time)
    }

    func outcome(_ fields: some RecordFields, identifier: String, time: Timestamp) throws(RecordProblem) -> Outcome {
        Outcome(
            identifier: identifier, level: try level(fields), value: try fields.number(specification.response.field),
            timestampText: try fields.text(specification.fields.timestamp), time: time)
    }

    private func level(_ fields: some RecordFields) throws(RecordProblem) -> String? {
        guard let factor = specification.factor else { return "" }
        return try fields.text(factor.field)
    }
}
