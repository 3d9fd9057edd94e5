import Regression
import Specification

/// What stored rows are worth to a specification: after a column was added to it, say, or where they are of something else.
package struct RowsUse: Sendable, Equatable {
    /// How many rows were looked at.
    package let looked: Int
    /// Of these, those that can be trained on.
    package let usable: Int
    /// How many lack each field, in the order of documents; fields that none lacks are left out.
    package let missing: [Missing]
    /// Whether no row has a single field that the specification names as a variable.
    package let isForeign: Bool

    package struct Missing: Sendable, Equatable {
        package let field: String
        package let count: Int

        package init(field: String, count: Int) {
            self.field = field
            self.count = count
        }
    }

    /// How many of the newest rows tell it.
    package static let rowsMax = 100

    package init(of rows: [Observation], rule: RowRule) {
        let specification = rule.specification
        looked = rows.count
        usable = rows.count { rule.row($0) != nil }
        var lacking: [(field: String, isMissing: (Observation) -> Bool)] = []
        if let factor = specification.factor { lacking.append((factor.field, { $0.level == nil })) }
        for (place, factor) in specification.otherFactors.enumerated() {
            lacking.append((factor.field, { $0.otherLevels[place] == nil }))
        }
        for (place, predictor) in specification.predictors.enumerated() {
            lacking.append((predictor.field, { $0.predictors[place] == nil }))
        }
        lacking.append((specification.response.actualField, { $0.actual == nil }))
        let counts = lacking.map { lack in Missing(field: lack.field, count: rows.count(where: lack.isMissing)) }
        missing = counts.filter { $0.count > 0 }
        isForeign = !rows.isEmpty && counts.allSatisfy { $0.count == rows.count }
    }
}

extension RowsUse: CustomStringConvertible {
    /// For the log of a server; of its newest rows.
    package var description: String {
        let fields = missing.map { "\($0.field) (\($0.count))" }.joined(separator: ", ")
        return "of the newest \(looked) rows in the store \(usable) can be trained on"
            + (fields.isEmpty ? "" : "; missing: \(fields)")
    }
}

extension ModelService {
    /// - Returns: nil where the store does not answer.
    package func rowsUse() -> RowsUse? {
        (try? store.newest(RowsUse.rowsMax)).map { RowsUse(of: $0, rule: rowRule) }
    }
}
