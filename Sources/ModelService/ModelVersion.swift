import Digest
package import Documents
package import Regression
package import Specification
import Threading

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
    /// With the factors of which the rows held more than one level.
    package let model: LinearModel
    /// Where the specification asks for means of a transformed response.
    package let smearing: Smearing?
    /// Fits on the same rows for levels that these did not hold.
    package let fallbacks: [Fallback]
    /// The levels of the grouping factor among the rows, in byte order.
    package let levels: [String]
    /// Those of the specification's other factors, in its order.
    package let otherLevels: [[String]]
    package let rowsLeftOut: Int
    package let rowsHash: String
    /// What the rows are recognised by; none in documents from before there was a judge.
    let rowMarks: RowMarks
    /// When the truth of the newest row was told; nil where no row has a time, and in documents from before it was kept.
    package let newestRow: Timestamp?
    /// When that of the oldest row was told, as far as rows have times.
    package let oldestRow: Timestamp?

    /// Asked on every prediction, so worked out once: the factors of the formula that had one level in all rows, so that the
    /// model does without them, and whether its estimates are on the response's own scale.
    let constantFactors: [ConstantFactor]
    let isResponsePlain: Bool

    struct ConstantFactor: Sendable, Equatable {
        /// Among those of the specification.
        let place: Int
        let levels: [String]

        @inline(__always)
        func knows(_ levels: [String]) -> Bool { self.levels.contains(levels[place]) }
    }

    init(
        version: String, time: Timestamp, parent: String?, trigger: JSON, cause: JSON = .null, state: State = .served,
        verdict: JSON = .null, specification: ModelSpecification, model: LinearModel, smearing: Smearing?,
        fallbacks: [Fallback], levels: [String], otherLevels: [[String]], rowsLeftOut: Int, rowsHash: String,
        rowMarks: RowMarks,
        newestRow: Timestamp?, oldestRow: Timestamp?
    ) {
        self.version = version
        self.time = time
        self.parent = parent
        self.trigger = trigger
        self.cause = cause
        self.state = state
        self.verdict = verdict
        self.specification = specification
        self.model = model
        self.smearing = smearing
        self.fallbacks = fallbacks
        self.levels = levels
        self.otherLevels = otherLevels
        self.rowsLeftOut = rowsLeftOut
        self.rowsHash = rowsHash
        self.rowMarks = rowMarks
        self.newestRow = newestRow
        self.oldestRow = oldestRow
        let known = specification.levels(levels, otherLevels)
        let constant = Set(specification.formula.factors).subtracting(model.formula.factors)
        constantFactors = specification.factors.enumerated().compactMap { place, factor in
            constant.contains(factor.name) ? ConstantFactor(place: place, levels: known[place]) : nil
        }
        isResponsePlain = specification.formula.response.isPlain
    }

    /// How many rows it was fitted on.
    package var rows: Int { model.rowCount }

    /// The formula without the terms that hold some factors, for rows whose levels of just these were not seen.
    package struct Fallback: Sendable, Equatable {
        /// Columns of factors.
        package let factors: Set<String>
        package let model: LinearModel
        package let smearing: Smearing?
    }

    /// With more factors than this, a level that was not seen has no estimate: there would be too many fallbacks.
    package static let fallbackFactorsMax = 3

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
        let formula = rows.formula
        let table = rows.table
        let model: LinearModel
        let fallbacks: [Fallback]
        do throws(FitRefusal) {
            let missing = Self.factorsOfFallbacks(formula)
            let models = try LinearModel.fit(
                formula, and: missing.map { formula.without(factors: $0) }, to: table, row: specification.row,
                tolerance: tolerance)
            model = models[0]
            fallbacks = zip(missing, models.dropFirst()).map { factors, model in
                Fallback(factors: factors, model: model, smearing: specification.smearing(of: model, on: table))
            }
        } catch {
            throw .unfit(error.description)
        }
        ThreadPriority.giveWay()
        let rowsHash = rows.hash
        let content = JSON.array(
            model.coefficients.map { JSON($0.estimate) } + [.string(rowsHash), .string(time.description)])
        self.init(
            version: "\(time.compactText)-\(SHA256.hex(content.bytes).prefix(8))", time: time, parent: parent,
            trigger: trigger, specification: specification, model: model,
            smearing: specification.smearing(of: model, on: table), fallbacks: fallbacks,
            levels: rows.levels, otherLevels: rows.otherLevels, rowsLeftOut: rows.leftOut, rowsHash: rowsHash,
            rowMarks: RowMarks(rows),
            newestRow: rows.newest, oldestRow: rows.oldest)
    }

    /// Every subset of a formula's factors; none where there are too many.
    static func factorsOfFallbacks(_ formula: Formula) -> [Set<String>] {
        let columns = formula.factorColumns
        guard columns.count <= fallbackFactorsMax else { return [] }
        return (0..<(1 << columns.count)).dropFirst().map { bits in
            Set(columns.indices.filter { bits >> $0 & 1 == 1 }.map { columns[$0] })
        }
    }
}

extension ModelSpecification {
    fileprivate func smearing(of model: LinearModel, on table: Table) -> Smearing? {
        needsMedian ? Smearing(model.residuals(of: table), by: formula.response) : nil
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
