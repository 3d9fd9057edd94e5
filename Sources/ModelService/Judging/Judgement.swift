import Documents
import Regression

/// Whether a challenger may take the place of the model that serves, the champion, and why: a pure value.
///
/// Both are judged on the challenger's rows, each by what it says of a row that it was not fitted on: a model that was
/// fitted on a row, as the challenger was on all and the champion may have been on some, is asked what it would say had
/// it been fitted without that one row. What counts is the mean relative error.
struct Judgement: Sendable, Equatable {
    enum Reason: String, Sendable {
        /// There is no champion.
        case first
        case better
        case notBetter = "not_better"
        /// Better on the whole, and wrong on a level that the champion gets right.
        case levelWrong = "level_wrong"
        case tooFewRows = "too_few_rows"
        case rankDeficient = "rank_deficient"
    }

    /// Mean relative errors on the same rows.
    struct Errors: Sendable, Equatable {
        private(set) var rows = 0
        private var challengerSum = 0.0
        private var championSum = 0.0

        var challenger: Double { rows == 0 ? 0 : challengerSum / Double(rows) }
        var champion: Double { rows == 0 ? 0 : championSum / Double(rows) }

        mutating func add(challenger: Double, champion: Double) {
            rows += 1
            challengerSum += challenger
            championSum += champion
        }
    }

    /// A mean error above this is wrong: what the original retrains for.
    static let wrongFrom = 0.15
    /// Of a level that can stand in the way of a challenger: one row or two decide nothing.
    static let levelRowsMin = 3
    /// What a coefficient needs at least, or the errors say nothing.
    static let rowsPerCoefficient = 2

    let reason: Reason
    /// For people: the figures that decided.
    let detail: String
    let overall: Errors
    /// By level, in byte order.
    let levels: [(level: String, errors: Errors)]
    /// How many of the rows the champion was fitted on too.
    let rowsOfChampion: Int

    var isAccepted: Bool { reason == .first || reason == .better }

    init(challenger: ModelVersion, champion: ModelVersion?, rows: TrainingRows) {
        guard let champion else {
            self.init(.first, "no model served before", Errors(), [], rowsOfChampion: 0)
            return
        }
        var overall = Errors()
        var byLevel: [String: Errors] = [:]
        for row in rows.used {
            guard let error = challenger.honestError(of: row), let other = champion.honestError(of: row) else {
                continue
            }
            overall.add(challenger: error, champion: other)
            byLevel[row.level, default: Errors()].add(challenger: error, champion: other)
        }
        let levels = rows.levels.compactMap { level in byLevel[level].map { (level: level, errors: $0) } }
        let (reason, detail) = Self.decide(challenger, champion, overall, levels)
        self.init(
            reason, detail, overall, levels,
            rowsOfChampion: rows.used.count { champion.rowMarks.contains($0.mark) })
    }

    private init(
        _ reason: Reason, _ detail: String, _ overall: Errors, _ levels: [(level: String, errors: Errors)],
        rowsOfChampion: Int
    ) {
        self.reason = reason
        self.detail = detail
        self.overall = overall
        self.levels = levels
        self.rowsOfChampion = rowsOfChampion
    }

    static func == (left: Judgement, right: Judgement) -> Bool { left.document == right.document }
}

// MARK: - The rules

extension Judgement {
    private static func decide(
        _ challenger: ModelVersion, _ champion: ModelVersion, _ overall: Errors,
        _ levels: [(level: String, errors: Errors)]
    ) -> (Reason, String) {
        let coefficients = challenger.model.coefficients.count
        let needed = rowsPerCoefficient * coefficients
        guard challenger.rows >= needed, overall.rows > 0 else {
            return (.tooFewRows, "\(challenger.rows) rows for \(coefficients) coefficients; needed: \(needed)")
        }
        guard challenger.aliased.isEmpty || !champion.aliased.isEmpty else {
            let names = challenger.aliased.joined(separator: ", ")
            return (.rankDeficient, "the rows do not tell \(names) from the other columns; those of the champion did")
        }
        guard overall.challenger < overall.champion else {
            return (.notBetter, "mean error \(overall.text)")
        }
        for (level, errors) in levels where errors.rows >= levelRowsMin {
            if errors.challenger > wrongFrom, errors.champion <= wrongFrom {
                return (.levelWrong, "mean error on \(level) \(errors.text)")
            }
        }
        return (.better, "mean error \(overall.text)")
    }
}

extension ModelVersion {
    /// The names of the coefficients that are not estimated.
    fileprivate var aliased: [String] { model.coefficients.filter { $0.estimate == nil }.map(\.name) }
}

extension Judgement.Errors {
    /// `2.1 % against 43.1 % on 50 rows`
    fileprivate var text: String { "\(challenger.percent) against \(champion.percent) on \(rows) rows" }
}

extension Double {
    /// `2.1 %`
    var percent: String { "\((self * 1000).rounded() / 10) %" }
}

// MARK: - The document

extension Judgement {
    var document: JSON {
        [
            "winner": isAccepted ? "challenger" : "champion",
            "reason": .string(reason.rawValue),
            "detail": .string(detail),
            "rows": JSON(overall.rows),
            "challenger": overall.rows == 0 ? .null : ["error": JSON(overall.challenger)],
            "champion": overall.rows == 0
                ? .null : ["error": JSON(overall.champion), "rowsOfItsFit": JSON(rowsOfChampion)],
            "levels": .object(
                levels.map { level, errors in
                    JSON.Member(
                        level,
                        [
                            "rows": JSON(errors.rows), "challenger": JSON(errors.challenger),
                            "champion": JSON(errors.champion),
                        ])
                }),
        ]
    }
}
