import Foundation
import ModelService
import Regression
import Specification

/// A row that is ordinary for a model, with levels that it knows: what the contract's examples ask with.
struct TypicalRow: Equatable {
    /// In the order of the specification.
    let numbers: [Double]
    /// The same; the grouping factor's first.
    let levels: [String]

    /// - Parameters:
    ///   - model: without one, numbers are a part of what is accepted.
    ///   - factor: the numbers are so many times the ordinary ones, where that is accepted.
    ///   - isLast: with the last of the levels, else with the first.
    init(_ specification: ModelSpecification, model: ModelVersion?, factor: Double = 1, isLast: Bool = false) {
        numbers = specification.predictors.map { predictor in
            let range = predictor.bounds.minimum...predictor.bounds.maximum
            let typical =
                model?.model.typicalNumber(of: predictor.name, within: range) ?? predictor.bounds.maximum / 20
            // Where a number is a factor, another number would be another level.
            guard !specification.formula.factorColumns.contains(predictor.name) else { return typical }
            return [(typical * factor).rounded(digits: 3), typical].first(where: predictor.admits) ?? typical
        }
        let known = model.map { specification.levels($0.levels, $0.otherLevels) } ?? []
        levels = specification.factors.indices.map { place in
            let levels = place < known.count ? known[place] : []
            return (isLast ? levels.last : levels.first) ?? "…"
        }
    }
}

extension Double {
    /// To so many significant digits.
    func rounded(digits: Int) -> Double { Double(String(format: "%.\(digits)g", self)) ?? self }
}
