import Documents
import Testing

@testable import Regression

/// Holds a model to the figures of a reference case.
struct ReferenceComparison {
    private let reference: ReferenceCase
    private let model: LinearModel
    private let tolerance: Double

    init(_ reference: ReferenceCase, _ model: LinearModel, within tolerance: Double) {
        self.reference = reference
        self.model = model
        self.tolerance = tolerance
    }

    func compareAll() throws {
        compareCoefficients()
        compareFit()
        try comparePredictions()
    }

    private func compareCoefficients() {
        #expect(model.coefficients.map(\.name) == reference.document["coefficients"]!.members!.map(\.name))
        for coefficient in model.coefficients {
            let name = coefficient.name
            expectClose(coefficient.estimate, reference.number("coefficients", name), within: tolerance, name)
            let error = reference.number("std_errors", name)
            expectClose(coefficient.standardError, error, within: tolerance, "error of \(name)")
            let t = reference.number("t_values", name)
            expectClose(model.tValue(of: coefficient), t, within: tolerance, "t of \(name)")
            let p = reference.number("p_values", name)
            if p.map({ $0 > 1e-300 }) ?? true {
                expectClose(model.pValue(of: coefficient), p, within: tolerance, "p of \(name)")
            }
        }
    }

    private func compareFit() {
        expectClose(model.sigma, reference.number("sigma"), within: tolerance, "sigma")
        expectClose(model.rSquared, reference.number("r_squared"), within: tolerance, "R squared")
        expectClose(model.adjustedRSquared, reference.number("adj_r_squared"), within: tolerance, "adjusted R squared")
        expectClose(
            model.residualSumOfSquares, reference.number("rss"), within: 2 * tolerance, "residual sum of squares")
        #expect(model.degreesOfFreedom == Int(reference.number("df_residual")!))
        let f = model.fStatistic
        expectClose(f?.value, reference.number("f_statistic", "value"), within: tolerance, "F")
        if let f {
            #expect(f.numeratorDegreesOfFreedom == Int(reference.number("f_statistic", "df1")!))
            #expect(f.denominatorDegreesOfFreedom == Int(reference.number("f_statistic", "df2")!))
        }
    }

    private func comparePredictions() throws {
        let confidence = reference.number("interval_level")!
        for (place, probe) in reference.probes.enumerated() {
            let fit = model.estimate(numbers: probe.numbers, levels: probe.levels)
            expectClose(fit, probe.number("fit"), within: tolerance, "fit \(place)")
            guard model.degreesOfFreedom > 0 else {
                #expect(throws: IntervalRefusal.self) {
                    try model.interval(
                        numbers: probe.numbers, levels: probe.levels, confidence: confidence, kind: .prediction)
                }
                continue
            }
            for (kind, prefix) in [(Interval.Kind.prediction, ""), (.confidence, "conf_")] {
                let interval = try model.interval(
                    numbers: probe.numbers, levels: probe.levels, confidence: confidence, kind: kind)
                #expect(interval.fit == fit)
                let error = probe.number("se_fit")
                expectClose(interval.standardError, error, within: tolerance, "\(kind) error \(place)")
                expectClose(interval.lower, probe.number(prefix + "lwr"), within: tolerance, "\(kind) lower \(place)")
                expectClose(interval.upper, probe.number(prefix + "upr"), within: tolerance, "\(kind) upper \(place)")
            }
        }
    }
}
