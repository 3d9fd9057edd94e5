package import Documents
import Specification

/// Reads observations from rows that were read without a tree: those that `Observation(document:rule:)` reads. Rows that it
/// refuses, and what else takes a closer look, are left to it.
package struct PlainObservations {
    /// What the next row is read into.
    package var row: PlainRow
    private let rule: RowRule
    private let latest: Timestamp?
    /// For each factor, the names that its rows gave and that it admits, as they count.
    private var levels: [KnownTexts]
    private var modelTimes = KnownTexts()

    /// Where a row has its fields; predictors and factors follow in their order.
    private enum Place {
        static let (identifier, predicted, actual, error, modelTime, timestamp, variables) = (0, 1, 2, 3, 4, 5, 6)
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
        var distinct: [String] = []
        for name in names where !distinct.contains(name) { distinct.append(name) }
        places = names.map { distinct.firstIndex(of: $0)! }
        row = PlainRow(distinct)
        self.rule = rule
        latest = rule.clock?.latest
        levels = specification.factors.map { _ in KnownTexts() }
    }

    /// The row that was read last.
    /// - Parameter text: that it was read from.
    package mutating func observation(_ text: [UInt8]) -> Observation? {
        let response = rule.specification.response
        guard let actual = value(Place.actual).double, response.admits(actual), let timestamp = time(text),
            let predictors = predictors, let levels = levels(text), let identifier = identifier(text),
            let modelTime = modelTime(text), let predicted = optionalNumber(Place.predicted),
            let error = optionalNumber(Place.error)
        else { return nil }
        let hasGroups = rule.specification.factor != nil
        return Observation(
            identifier: identifier, level: hasGroups ? levels[0] : "",
            otherLevels: hasGroups ? levels.count > 1 ? Array(levels[1...]) : [] : levels, predictors: predictors,
            predicted: predicted, actual: actual, error: error, modelTime: modelTime, timestamp: timestamp)
    }

    @inline(__always)
    private func value(_ place: Int) -> PlainRow.Value { row[places[place]] }

    private var predictors: [Double?]? {
        var numbers: [Double?] = []
        numbers.reserveCapacity(rule.specification.predictors.count)
        for (index, predictor) in rule.specification.predictors.enumerated() {
            guard let number = value(Place.variables + index).double, predictor.admits(number) else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    private mutating func levels(_ text: [UInt8]) -> [String?]? {
        var names: [String?] = []
        names.reserveCapacity(levels.count)
        for index in levels.indices {
            let given = value(Place.variables + rule.specification.predictors.count + index)
            guard given.isText else { return nil }
            let (factor, foldsCase) = (rule.specification.factors[index], rule.foldsCase)
            let level = levels[index].text(text.span.extracting(given.range)) { level in
                guard factor.admits(level) else { return nil }
                return foldsCase ? level.foldedLevel : level
            }
            guard let level else { return nil }
            names.append(level)
        }
        return names
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
            return modelTimes.text(text.span.extracting(given.range)) { $0 }.map { .some($0) }
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

    /// - Parameter make: what a text stands for; nil of one that is not admitted.
    mutating func text(_ bytes: Span<UInt8>, make: (String) -> String?) -> String? {
        if table.count == Self.countMax {
            table.removeAll()
            texts.removeAll()
        }
        guard let number = table.number(of: bytes) else { return nil }
        if number == texts.count { texts.append(bytes.text.flatMap(make)) }
        return texts[number]
    }
}
