import Documents
import Regression
import Specification

/// Reads events in one pass over their bytes and without a tree: those that `EventReader` reads. Whatever takes a closer
/// look is left to it, and it alone says what is wrong with a line.
package struct PlainEvents {
    /// Where a row has its fields; predictors, the other factors and the grouping one follow in this order.
    private enum Field {
        static let (identifier, timestamp, response, variables) = (0, 1, 2, 3)
    }

    private let specification: ModelSpecification
    private let charactersMax: Int
    private var row: PlainRow
    /// Of each field among the names of the row.
    private let places: [Int]
    /// The fields that make a measurement.
    private let measured: Range<Int>

    /// - Returns: nil where names are not found letter for letter.
    package init?(_ reader: EventReader) {
        guard reader.names == .exact else { return nil }
        specification = reader.specification
        charactersMax = reader.charactersMax
        let (fields, factors) = (
            specification.fields, specification.otherFactors + [specification.factor].compactMap(\.self)
        )
        let names =
            [fields.identifier, fields.timestamp, specification.response.field]
            + specification.predictors.map(\.field) + factors.map(\.field)
        let variables = specification.predictors.count + specification.otherFactors.count
        measured = Field.variables..<Field.variables + (variables == 0 ? factors.count : variables)
        let distinct = names.distinct
        places = names.map { distinct.firstIndex(of: $0)! }
        row = PlainRow(distinct)
    }

    /// - Returns: nil of what is for `EventReader`.
    package mutating func event(_ line: [UInt8]) -> Event? {
        guard row.read(line, from: 0, upTo: line.count, depth: 0) == line.count,
            case .some(.some(let identifier)) = text(Field.identifier, line), value(Field.timestamp).isText,
            case .some(.some(let timestamp)) = text(Field.timestamp, line), let time = Timestamp(timestamp)
        else { return nil }
        let isMeasurement = measured.contains { !value($0).isMissing }
        guard isMeasurement == value(Field.response).isMissing, let level = level(line) else { return nil }
        guard isMeasurement else {
            guard let value = number(Field.response) else { return nil }
            return .outcome(
                Outcome(identifier: identifier, level: level, value: value, timestampText: timestamp, time: time))
        }
        guard let predictors = predictors, let others = otherLevels(line) else { return nil }
        return .measurement(
            Measurement(
                identifier: identifier, level: level, otherLevels: others, predictors: predictors,
                timestampText: timestamp, time: time))
    }

    @inline(__always)
    private func value(_ field: Int) -> PlainRow.Value { row[places[field]] }

    /// Nil of what takes a closer look, as of the other values.
    private func text(_ field: Int, _ line: [UInt8]) -> String?? {
        value(field).columnText(in: line, charactersMax: charactersMax)
    }

    private func number(_ field: Int) -> Double?? { value(field).columnNumber }

    private var predictors: [Double?]? {
        var numbers: [Double?] = []
        numbers.reserveCapacity(specification.predictors.count)
        for index in specification.predictors.indices {
            guard let number = number(Field.variables + index) else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    private func otherLevels(_ line: [UInt8]) -> [String?]? {
        var levels: [String?] = []
        for index in specification.otherFactors.indices {
            guard let level = text(Field.variables + specification.predictors.count + index, line) else { return nil }
            levels.append(level)
        }
        return levels
    }

    private func level(_ line: [UInt8]) -> String?? {
        guard specification.factor != nil else { return .some("") }
        return text(Field.variables + specification.predictors.count + specification.otherFactors.count, line)
    }
}
