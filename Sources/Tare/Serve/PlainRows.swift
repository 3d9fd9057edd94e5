import Documents
import Metrics
import ModelService
import Program
import Regression
import Specification

/// Answers rows that were read without a tree, in bytes: the same bytes as `PredictionAnswer` gives. What it cannot answer,
/// because there is something wrong with the row or with its level, is left to that.
struct PlainRows {
    /// What the next row is read into.
    var row: PlainRow
    private let served: ServedModel
    private let predictor: RowPredictor
    private let places: PredictionPlaces
    private let form: AnswerBytes
    private let bounds: [Bounds]
    private var groups: AnswerGroups
    /// Of the row at hand.
    private var predictors: [Double]
    private var levels: [Range<Int>]
    private var scratch = PreparedLevels.Scratch()

    init(_ predictor: RowPredictor, served: ServedModel) {
        let specification = served.model.specification
        places = PredictionPlaces(specification)
        row = PlainRow(places.names)
        self.served = served
        self.predictor = predictor
        form = AnswerBytes(served, echoed: specification.echoedFields)
        groups = AnswerGroups(factorCount: specification.factors.count, numberPlaces: served.levelPredictors)
        bounds = specification.predictors.map(\.bounds)
        predictors = Array(repeating: 0, count: specification.predictors.count)
        levels = Array(repeating: 0..<0, count: specification.factors.count)
    }

    /// Appends the answer to the row that was read last.
    ///
    /// - Parameter text: that it was read from.
    /// - Returns: false where it has none here.
    mutating func answer(_ text: [UInt8], into answers: inout RowsAnswer) throws(Problem) -> Bool {
        guard takePredictors(), takeLevels(), let group = group(text) else { return false }
        let (value, median) = group.prepared.estimate(predictors, &scratch)
        let echoSize = form.echoSize(row, places.echoed, text)
        guard value.isFinite, let echoSize else { return false }
        let isExtrapolated = group.prepared.isExtrapolated(predictors, &scratch)
        try answers.append(upTo: form.sizeMax + group.tail.count + echoSize) { bytes in
            form.append(to: &bytes, value: value, median: median)
            bytes.append(copying: group.tail)
            if isExtrapolated { bytes.append(copying: form.extrapolated) }
            form.appendEcho(of: row, places.echoed, text, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        group.count += 1
        return true
    }

    /// Counts what was answered since this was called last.
    mutating func countPredictions() {
        groups.removeAll { [served] in served.predictions.count($0.level, times: $0.count) }
    }

    @inline(__always)
    private mutating func takePredictors() -> Bool {
        for index in predictors.indices {
            guard let value = value(of: places.predictors[index])?.double,
                bounds[index].contains(value)
            else { return false }
            predictors[index] = value
        }
        return true
    }

    @inline(__always)
    private mutating func takeLevels() -> Bool {
        for index in levels.indices {
            guard let value = value(of: places.factors[index]), value.isText else { return false }
            levels[index] = value.range
        }
        return true
    }

    /// Nil where it is given by both names.
    @inline(__always)
    private func value(of variable: PredictionPlaces.Variable) -> PlainRow.Value? {
        guard let field = variable.field, !row[field].isMissing else { return row[variable.name] }
        return row[variable.name].isMissing ? row[field] : nil
    }
}

// MARK: - Groups

extension PlainRows {
    private mutating func group(_ text: [UInt8]) -> AnswerGroup? {
        if groups.isFull { countPredictions() }
        guard let number = groups.number(text, levels, predictors) else { return nil }
        if number == groups.count { groups.append(newGroup(text)) }
        return groups[number]
    }

    /// That of the row at hand; nil where it has no answer.
    private func newGroup(_ text: [UInt8]) -> AnswerGroup? {
        let names = levels.compactMap { text.span.extracting($0).text }
        guard names.count == levels.count,
            zip(served.model.specification.factors, names).allSatisfy({ $0.admits($1) })
        else { return nil }
        let input = predictor.folded(PredictionInput(predictors: predictors, levels: names), by: served)
        guard let prepared = served.prepared(predictors: predictors, levels: input.levels),
            prepared.unseen.isEmpty || predictor.unseen == .accept
        else { return nil }
        let unseen = PredictionAnswer.unseenMembers(prepared.unseen, of: input, served)
        return AnswerGroup(prepared, tail: form.tail(unseen), level: input.levels.first)
    }
}
