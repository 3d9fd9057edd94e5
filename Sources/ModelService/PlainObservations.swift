package import Documents
import Specification

/// Reads observations from rows that were read without a tree: those that `Observation(document:rule:)` reads. Rows that it
/// refuses, and what else takes a closer look, are left to it.
package struct PlainObservations {
    /// What the next row is read into.
    package var row: PlainRow
    private let factors: [ModelSpecification.Factor]
    private let foldsCase: Bool
    private var latest: Timestamp?
    private let responseBounds: Bounds
    /// Of the predictors.
    private let bounds: [Bounds]
    private let hasGroups: Bool
    /// For each factor, the names that its rows gave and that it admits, as they count.
    private var levels: [KnownTexts]
    private var modelTimes = KnownTexts()

    /// Where a row has its fields; predictors and factors follow in their order.
    private enum Place {
        static let identifier = 0
        static let predicted = 1
        static let actual = 2
        static let error = 3
        static let modelTime = 4
        static let timestamp = 5
        static let variables = 6
    }

    private let places: [Int]

    package init(_ rule: RowRule) {
        let specification = rule.specification
        let (fields, response) = (specification.fields, specification.response)
        let names =
            [
                fields.identifier, response.predictedField, response.actualField, fields.error, fields.modelTime,
                fields.timestamp,
            ] + specification.predictors.map(\.field) + specification.factors.map(\.field)
        let distinct = names.distinct
        places = names.map { distinct.firstIndex(of: $0)! }
        row = PlainRow(distinct)
        factors = specification.factors
        foldsCase = rule.foldsCase
        latest = rule.clock?.latest
        responseBounds = response.bounds
        bounds = specification.predictors.map(\.bounds)
        hasGroups = specification.factor != nil
        levels = specification.factors.map { _ in KnownTexts() }
    }

    /// The same by the clock as it is now: what is worked out of the specification takes longer than to read a row.
    /// - Parameter rule: of the same specification.
    package func by(_ rule: RowRule) -> PlainObservations {
        var other = self
        other.latest = rule.clock?.latest
        return other
    }

    /// The row that was read last.
    /// - Parameter text: that it was read from.
    package mutating func observation(_ text: [UInt8]) -> Observation? {
        guard let actual = value(Place.actual).double, responseBounds.contains(actual), let timestamp = time(text),
            let predictors = predictors, let level = hasGroups ? level(0, text) : "",
            let otherLevels = otherLevels(text), let identifier = identifier(text), let modelTime = modelTime(text),
            let predicted = optionalNumber(Place.predicted), let error = optionalNumber(Place.error)
        else { return nil }
        return Observation(
            identifier: identifier, level: level, otherLevels: otherLevels, predictors: predictors,
            predicted: predicted, actual: actual, error: error, modelTime: modelTime, timestamp: timestamp)
    }

    @inline(__always)
    private func value(_ place: Int) -> PlainRow.Value { row[places[place]] }

    private var predictors: [Double?]? {
        var numbers: [Double?] = []
        numbers.reserveCapacity(bounds.count)
        for index in bounds.indices {
            guard let number = value(Place.variables + index).double, bounds[index].contains(number) else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    private mutating func otherLevels(_ text: [UInt8]) -> [String?]? {
        var names: [String?] = []
        for place in (hasGroups ? 1 : 0)..<factors.count {
            guard let level = level(place, text) else { return nil }
            names.append(level)
        }
        return names
    }

    /// - Parameter place: of the factor.
    private mutating func level(_ place: Int, _ text: [UInt8]) -> String? {
        let given = value(Place.variables + bounds.count + place)
        guard given.isText, let number = levels[place].number(of: text.span.extracting(given.range)) else { return nil }
        if number == levels[place].count { levels[place].append(newLevel(place, text.span.extracting(given.range))) }
        return levels[place][number]
    }

    /// As it counts; nil where it is not admitted.
    private func newLevel(_ place: Int, _ text: Span<UInt8>) -> String? {
        guard let level = text.text, factors[place].admits(level) else { return nil }
        return foldsCase ? level.foldedLevel : level
    }

    /// Nil of what takes a closer look.
    private func identifier(_ text: [UInt8]) -> String?? {
        let given = value(Place.identifier)
        switch given.kind {
        case .missing, .null: return .some(nil)
        case .text:
            // Each character has a byte at least.
            guard given.range.count <= Observation.identifierCharactersMax else { return nil }
            return text.span.extracting(given.range).text.map { .some($0) }
        // As it stands, up to 15 digits; no longer one is exact to all readers of JSON.
        case .integer where given.range.count <= 15: return text.span.extracting(given.range).text.map { .some($0) }
        default: return nil
        }
    }

    private mutating func modelTime(_ text: [UInt8]) -> String?? {
        let given = value(Place.modelTime)
        switch given.kind {
        case .missing, .null: return .some(nil)
        case .text where given.range.count <= Observation.identifierCharactersMax:
            guard let number = modelTimes.number(of: text.span.extracting(given.range)) else { return nil }
            if number == modelTimes.count { modelTimes.append(text.span.extracting(given.range).text) }
            return modelTimes[number].map { .some($0) }
        default: return nil
        }
    }

    private func optionalNumber(_ place: Int) -> Double?? {
        let given = value(place)
        switch given.kind {
        case .missing, .null: return .some(nil)
        case .integer, .number: return .some(given.number)
        default: return nil
        }
    }

    private func time(_ text: [UInt8]) -> Timestamp? {
        let given = value(Place.timestamp)
        let time: Timestamp?
        switch given.kind {
        case .text: time = Timestamp(text.span.extracting(given.range))
        case .integer where given.range.count <= 15: time = Timestamp(exactly: Int64(given.number))
        default: return nil
        }
        guard let time, latest.map({ time <= $0 }) ?? true else { return nil }
        return time
    }
}

/// Strings of texts that come again and again, each made once.
private struct KnownTexts {
    private static let countMax = 512

    private var table = TextTable(countMax: countMax)
    /// By their numbers.
    private var texts: [String?] = []

    var count: Int { texts.count }

    subscript(number: Int) -> String? { texts[number] }

    /// Of a text that is new it is `count`, and what the text stands for is to be appended.
    mutating func number(of bytes: Span<UInt8>) -> Int? {
        if table.count == Self.countMax {
            table.removeAll()
            texts.removeAll()
        }
        return table.number(of: bytes)
    }

    /// - Parameter text: nil of one that is not admitted.
    mutating func append(_ text: String?) { texts.append(text) }
}
