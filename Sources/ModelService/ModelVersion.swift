package import Documents
package import Regression

/// A model as it is kept and served: immutable, and complete enough to predict and to tell where it came from.
package struct ModelVersion: Sendable, Equatable {
    /// The time and the first digits of a hash of the content, so that names sort by time and no two models share one.
    package let version: String
    package let time: Timestamp
    /// The version that served when this one was fitted.
    package let parent: String?
    /// What caused it: the body of the request, or how the command was called.
    package let trigger: JSON
    /// What was understood of the trigger, such as the windows and levels that it names; null where nothing was.
    package var cause: JSON = .null
    package var state = State.served
    /// How it was judged against its parent: an object, or null where nobody judged.
    package var verdict: JSON = .null
    package let specification: ModelSpecification
    /// With the factor where the rows held more than one of its levels.
    package let model: LinearModel
    /// The same rows without the factor, for levels that they did not hold; nil where `model` is without it already.
    package let withoutFactor: LinearModel?
    /// The levels among the rows, in byte order.
    package let levels: [String]
    package let rowsLeftOut: Int
    package let rowsHash: String
    /// What the rows are recognised by; none in documents from before there was a judge.
    let rowMarks: RowMarks
    /// When the truth of the newest row was told; nil where no row has a time, and in documents from before it was kept.
    let newestRow: Timestamp?

    /// How many rows it was fitted on.
    package var rows: Int { model.rowCount }

    /// What became of it once it was fitted. Which model serves now is no part of a version: see `ServingState`.
    package enum State: String, Sendable {
        /// It went into service.
        case served
        /// It was judged, and kept out; it can be activated by hand.
        case refused
        /// It served, did worse than its parent would have, and was taken back; it can be activated by hand.
        case rolledBack
    }

    /// Whether a text can be a version: so no text leads out of the folder of models.
    package static func isVersion(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

extension ModelVersion {
    /// Fits the rows of a specification by its formula, as leniently as R: see `TrainingRows.requireSpareRow()`.
    ///
    /// - Throws: `TrainingRefusal.unfit` where R's `lm` stops too.
    package init(
        fitting rows: TrainingRows, tolerance: Double = LinearModel.defaultTolerance, time: Timestamp,
        parent: String?, trigger: JSON
    ) throws(TrainingRefusal) {
        let specification = rows.specification
        let levels = rows.levels
        let formula = specification.formula(withFactor: levels.count > 1)
        let table = rows.table
        let model: LinearModel
        let withoutFactor: LinearModel?
        do {
            model = try LinearModel.fit(formula, to: table, tolerance: tolerance)
            withoutFactor =
                levels.count > 1
                ? try LinearModel.fit(specification.formula(withFactor: false), to: table, tolerance: tolerance) : nil
        } catch {
            throw .unfit(error.description)
        }
        let rowsHash = rows.hash
        let content = JSON.array(
            model.coefficients.map { JSON($0.estimate) } + [.string(rowsHash), .string(time.description)])
        self.init(
            version: "\(time.compactText)-\(SHA256.hex(content.bytes).prefix(8))", time: time, parent: parent,
            trigger: trigger, specification: specification, model: model, withoutFactor: withoutFactor,
            levels: levels, rowsLeftOut: rows.leftOut, rowsHash: rowsHash, rowMarks: RowMarks(rows.used),
            newestRow: rows.newest)
    }
}

/// Why no model came of a trigger. The same trigger cannot mend it; other rows, or a later one, do.
package enum TrainingRefusal: Error, Equatable, CustomStringConvertible {
    case tooFewRows(used: Int, leftOut: Int, needed: Int)
    case unfit(String)
    case tooManyRows(most: Int)
    case tooManyLevels(most: Int)
    case coolingDown(secondsLeft: Int, cooldown: Int)
    case tooFewNewRows(new: Int, needed: Int)

    package var description: String {
        switch self {
        case .tooFewRows(let used, let leftOut, let needed):
            "usable rows: \(used), needed: \(needed), one more than the coefficients"
                + (leftOut == 0 ? "" : "; left out: \(leftOut)")
        case .unfit(let reason): reason
        case .tooManyRows(let most):
            "the choice of rows takes more than \(most) of what is stored, the most that one training may read"
        case .tooManyLevels(let most): "the rows are of more than \(most) levels, the most that a model may have"
        case .coolingDown(let secondsLeft, let cooldown):
            "a training ran less than \(cooldown) s ago; the next may run in \(secondsLeft) s"
        case .tooFewNewRows(let new, let needed): "rows since the last training: \(new), needed: \(needed)"
        }
    }

    /// When the same trigger may train: after so many seconds, or once so many more rows are there. Nil where nobody knows.
    package var retry: (afterSeconds: Int?, afterRows: Int?) {
        switch self {
        case .tooFewRows(let used, _, let needed): (nil, needed - used)
        case .unfit, .tooManyRows, .tooManyLevels: (nil, nil)
        case .coolingDown(let secondsLeft, _): (secondsLeft, nil)
        case .tooFewNewRows(let new, let needed): (nil, needed - new)
        }
    }

    /// For machines: `not_enough_rows`, `not_fitted`, `cooling_down`, `not_enough_new_rows`.
    package var reason: String {
        switch self {
        case .tooFewRows: "not_enough_rows"
        case .unfit, .tooManyRows, .tooManyLevels: "not_fitted"
        case .coolingDown: "cooling_down"
        case .tooFewNewRows: "not_enough_new_rows"
        }
    }
}

// MARK: - Prediction

extension ModelVersion {
    package struct Estimate: Sendable, Equatable {
        package let value: Double
        /// False where the rows held no such level and the estimate does without it.
        package let isLevelSeen: Bool
    }

    /// - Parameter predictors: in the order of the specification.
    package func estimate(predictors: [Double], level: String) -> Estimate {
        // Neither model is taken out into a variable: a copy would count references on every prediction.
        if levels.count < 2 {
            return Estimate(value: Self.value(model, predictors), isLevelSeen: levels.first == level)
        }
        if let value = model.estimate(numbers: predictors, levels: [level]) {
            return Estimate(value: value, isLevelSeen: true)
        }
        return Estimate(value: Self.value(withoutFactor ?? model, predictors), isLevelSeen: false)
    }

    private static func value(_ model: LinearModel, _ predictors: [Double]) -> Double {
        guard let value = model.estimate(numbers: predictors, levels: []) else {
            preconditionFailure("a model without a factor has no level to miss")
        }
        return value
    }
}
