package import Documents
import Regression
package import Specification

/// Reads rows that others wrote too: what is missing or unusable is nil, and nothing is refused.
///
/// A database hands out fields one by one and in any order: `take` each of them, then `finish` the row. Names are
/// matched exactly first, then without regard to case, then as one of the specification's aliases: the tutorial's
/// queries write `LENGTH` and `ACTUAL`. The better match counts, and of equal ones the last.
package struct ObservationReader: Sendable {
    /// What a name in documents stands for.
    package struct Field: Sendable {
        fileprivate enum Part: Int { case identifier, level, predicted, actual, error, modelTime, timestamp, variable }
        fileprivate enum Match: Comparable { case none, alias, folded, exact }

        /// Whether this is the field that the database sorts by, under its very name.
        package let isTimestamp: Bool
        fileprivate let part: Part
        /// Of a variable its number: the predictors come first, then the other factors.
        fileprivate let variable: Int
        fileprivate let match: Match
        /// Among all fields of an observation, the variables being the last.
        fileprivate let index: Int

        fileprivate init(_ part: Part, variable: Int = 0, match: Match = .exact) {
            isTimestamp = part == .timestamp && match == .exact
            self.part = part
            self.variable = variable
            self.match = match
            index = part.rawValue + variable
        }
    }

    private let exact: [String: Field]
    /// By the folded name.
    private let others: [String: Field]
    private let empty: Observation
    private var row: Observation
    /// How well the value matched that each field has.
    private var matches: [Field.Match]

    package init(_ specification: ModelSpecification) {
        exact = Self.exactNames(specification)
        others = Self.otherNames(specification)
        empty = Observation(
            level: specification.factor == nil ? "" : nil,
            otherLevels: Array(repeating: nil, count: specification.otherFactors.count),
            predictors: Array(repeating: nil, count: specification.predictors.count), actual: nil, timestamp: nil)
        row = empty
        matches = Array(
            repeating: .none,
            count: Field.Part.variable.rawValue + empty.predictors.count + empty.otherLevels.count)
    }

    /// Nil where the name stands for nothing that an observation has.
    package func field(named name: String) -> Field? { exact[name] ?? others[FieldNames.folded(name)] }

    package mutating func take(_ name: String, _ value: StoredValue) {
        if let field = field(named: name) { take(field, value) }
    }

    package mutating func take(_ field: Field, _ value: consuming StoredValue) {
        guard matches[field.index] <= field.match else { return }
        matches[field.index] = field.match
        switch field.part {
        case .identifier: row.identifier = value.identifier
        case .level: row.level = value.nonEmptyText
        case .variable where field.variable < row.predictors.count: row.predictors[field.variable] = value.finite
        case .variable: row.otherLevels[field.variable - row.predictors.count] = value.nonEmptyText
        case .predicted: row.predicted = value.finite
        case .actual: row.actual = value.finite
        case .error: row.error = value.finite
        case .modelTime: row.modelTime = value.modelTime
        case .timestamp: row.timestamp = value.timestamp
        }
    }

    /// The row of the fields that were taken since the last one was finished.
    package mutating func finish() -> Observation {
        for index in matches.indices { matches[index] = .none }
        var finished = empty
        swap(&row, &finished)
        return finished
    }
}

// MARK: - Names

extension ObservationReader {
    private static func exactNames(_ specification: ModelSpecification) -> [String: Field] {
        let fields = specification.fields
        let response = specification.response
        var named: [(String, Field)] = [
            (fields.identifier, Field(.identifier)),
            (response.predictedField, Field(.predicted)), (response.actualField, Field(.actual)),
            (fields.error, Field(.error)), (fields.modelTime, Field(.modelTime)), (fields.timestamp, Field(.timestamp)),
        ]
        if let factor = specification.factor { named.append((factor.field, Field(.level))) }
        let variables = specification.predictors.map(\.field) + specification.otherFactors.map(\.field)
        for (number, field) in variables.enumerated() { named.append((field, Field(.variable, variable: number))) }
        return Dictionary(named) { first, _ in first }
    }

    private static func otherNames(_ specification: ModelSpecification) -> [String: Field] {
        let folded = exactNames(specification).map { name, field in
            (FieldNames.folded(name), Field(field.part, variable: field.variable, match: .folded))
        }
        let response = specification.response
        var aliases: [(names: [String], field: Field)] = [
            (response.predictedAliases, Field(.predicted, match: .alias)),
            (response.actualAliases, Field(.actual, match: .alias)),
            (specification.factor?.aliases ?? [], Field(.level, match: .alias)),
        ]
        let variables = specification.predictors.map(\.aliases) + specification.otherFactors.map(\.aliases)
        for (number, names) in variables.enumerated() {
            aliases.append((names, Field(.variable, variable: number, match: .alias)))
        }
        let named = aliases.flatMap { alias in alias.names.map { (FieldNames.folded($0), alias.field) } }
        return Dictionary(folded + named) { first, _ in first }
    }
}

// MARK: - Rows that are JSON

extension Observation {
    /// Reads a stored row: a document that `document(_:)` wrote, or that somebody exported from a database.
    package init(row: JSON, specification: ModelSpecification) {
        var reader = ObservationReader(specification)
        self = reader.read(row)
    }
}

extension ObservationReader {
    package mutating func read(_ row: JSON) -> Observation {
        for member in row.members ?? [] { take(member.name, StoredValue(member.value)) }
        return finish()
    }
}
