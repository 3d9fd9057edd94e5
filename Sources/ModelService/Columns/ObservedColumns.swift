package import Regression

/// What fits and their judge read of observed rows, by columns; oldest first, or in the order of a file.
package struct ObservedColumns: Sendable {
    /// The time of a row that has none.
    package static let noTime = Int64.min

    /// When each row's truth was told, in milliseconds since 1970.
    package let times: [Int64]
    /// By the specification's predictors; not a number where a row has none.
    package let predictors: [[Double]]
    /// By the specification's factors, the grouping one first; the code is -1 where a row has none.
    package let factors: [FactorColumn]
    /// Whether the first factor is the grouping one.
    package let isGrouped: Bool
    /// Not a number where a row has none.
    package let responses: [Double]
    /// Of each row its `Observation.identity`; none of the rows of a file.
    package let identities: TextColumn

    package init(
        times: [Int64], predictors: [[Double]], factors: [FactorColumn], isGrouped: Bool, responses: [Double],
        identities: TextColumn = TextColumn()
    ) {
        self.times = times
        self.predictors = predictors
        self.factors = factors
        self.isGrouped = isGrouped
        self.responses = responses
        self.identities = identities
    }

    package var count: Int { responses.count }

    /// The grouping factor's levels; nil where there is none.
    var groups: FactorColumn? { isGrouped ? factors[0] : nil }

    /// Some of the rows, in the order in which they are named.
    /// - Parameter keepsIdentities: a fit does without, and they take more room than all the rest.
    func taking(_ rows: ArraySlice<Int>, keepsIdentities: Bool = true) -> ObservedColumns {
        ObservedColumns(
            times: rows.map { times[$0] }, predictors: predictors.map { column in rows.map { column[$0] } },
            factors: factors.map { $0.taking(rows) }, isGrouped: isGrouped, responses: rows.map { responses[$0] },
            identities: keepsIdentities && identities.count > 0 ? identities.taking(rows) : TextColumn())
    }

    /// The rows of several, one after the other.
    /// - Parameter parts: of one specification; at least one.
    static func joined(_ parts: [ObservedColumns]) -> ObservedColumns {
        var identities = TextColumn()
        for part in parts { identities.append(contentsOf: part.identities) }
        let first = parts[0]
        return ObservedColumns(
            times: parts.flatMap(\.times),
            predictors: first.predictors.indices.map { place in parts.flatMap { $0.predictors[place] } },
            factors: first.factors.indices.map { place in FactorColumn.joined(parts.map { $0.factors[place] }) },
            isGrouped: first.isGrouped, responses: parts.flatMap(\.responses), identities: identities)
    }

    /// The same rows with each level under the name that it counts as.
    func renamingLevels(_ name: (String) -> String) -> ObservedColumns {
        ObservedColumns(
            times: times, predictors: predictors, factors: factors.map { $0.renamed(name) }, isGrouped: isGrouped,
            responses: responses, identities: identities)
    }
}
