package import Documents
import Regression
import Specification

/// How often the truth lies within the prediction interval of the model that serves: a pure value.
///
/// An interval of 95 % is right when it covers 95 % of what is observed. Counted since the model went into service.
package struct Coverage: Sendable {
    /// Of the intervals that are counted.
    package static let confidence = 0.95

    package struct Count: Sendable, Equatable {
        package fileprivate(set) var observed = 0
        package fileprivate(set) var covered = 0

        fileprivate mutating func note(_ isCovered: Bool) {
            observed += 1
            covered += isCovered ? 1 : 0
        }
    }

    private let served: ServedModel
    /// Of Student's t, by its degrees of freedom: the fits with and without a factor have their own.
    private let quantiles: [Int: Double]
    /// Of the levels that the model has seen.
    package private(set) var levels: [String: Count] = [:]
    /// Of all others together: the model is not made for them.
    package private(set) var unseen = Count()

    init(of served: ServedModel) {
        self.served = served
        let model = served.model
        let degrees = Set(([model.model] + model.fallbacks.map(\.model)).map(\.degreesOfFreedom)).filter { $0 > 0 }
        quantiles = Dictionary(
            uniqueKeysWithValues: degrees.map {
                ($0, StudentT(degreesOfFreedom: $0).quantile(upperTail: (1 - Self.confidence) / 2))
            })
    }

    /// Of the levels that the model has seen, together.
    package var total: Count {
        levels.values.reduce(into: Count()) { total, count in
            total.observed += count.observed
            total.covered += count.covered
        }
    }

    /// Counts a row that the model was not fitted on.
    /// - Parameter prepared: for the row's levels.
    mutating func observe(
        _ row: TrainingRows.Row, by prepared: PreparedLevels, _ scratch: inout PreparedLevels.Scratch
    ) {
        guard let isCovered = covers(row, prepared, &scratch) else { return }
        if served.model.levels.contains(row.level) {
            levels[row.level, default: Count()].note(isCovered)
        } else {
            unseen.note(isCovered)
        }
    }

    /// Nil where the model gives no interval.
    private func covers(
        _ row: TrainingRows.Row, _ prepared: PreparedLevels, _ scratch: inout PreparedLevels.Scratch
    ) -> Bool? {
        guard let quantile = quantiles[prepared.degreesOfFreedom], let sigma = prepared.sigma else { return nil }
        let (estimate, leverage) = prepared.fitted(row.predictors, &scratch)
        return abs(prepared.transformed(row.response) - estimate) <= quantile * sigma * (1 + leverage).squareRoot()
    }
}

extension Coverage {
    /// The answer of `GET /coverage`.
    package var document: JSON {
        .object(
            [
                JSON.Member("version", .string(served.version)), JSON.Member("interval", JSON(Self.confidence)),
            ] + Self.members(total) + [
                JSON.Member(
                    "levels",
                    .object(
                        served.model.levels.map { JSON.Member($0, .object(Self.members(levels[$0] ?? Count()))) })),
                JSON.Member("unseen", .object(Self.members(unseen))),
            ])
    }

    private static func members(_ count: Count) -> [JSON.Member] {
        let share = count.observed == 0 ? nil : Double(count.covered) / Double(count.observed)
        return [
            JSON.Member("observed", JSON(count.observed)), JSON.Member("covered", JSON(count.covered)),
            JSON.Member("share", JSON(share)),
        ]
    }
}
