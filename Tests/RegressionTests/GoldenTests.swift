import Documents
import Testing

@testable import Regression

/// Fits as R gives them, from the data beside the project.
@Suite(.enabled(if: TestFiles.hasShared, "the reference data ../shared is not here"))
struct GoldenTests {
    /// Cases whose residuals are rounding noise in R: only what is not noise can be compared.
    private static let exactFits: Set = ["d_constant_weight", "d_exact_fit", "d_two_distinct_rows_repeated"]
    /// Cases that are so near to collinear that R itself has fewer right digits.
    private static let tolerances = [
        "d_near_collinear_noise_1e-04": 2e-8, "d_near_collinear_noise_2e-05": 2e-8,
    ]
    private static let names = ReferenceCase.names(in: TestFiles.golden, beginningWith: "abcde")

    @Test("a fit agrees with R's in every figure", arguments: names.filter { !exactFits.contains($0) })
    func agreesWithR(name: String) throws {
        let reference = try ReferenceCase(name, in: TestFiles.golden)
        guard reference.refusal == nil else { return }
        let model = try LinearModel.fit(reference.formula, to: reference.table)
        try ReferenceComparison(reference, model, within: Self.tolerances[name] ?? 1e-9).compareAll()
    }

    @Test("what R aliases is aliased, and what R refuses is refused", arguments: names)
    func aliasesAsR(name: String) throws {
        let reference = try ReferenceCase(name, in: TestFiles.golden)
        if let refusal = reference.refusal {
            #expect(throws: FitRefusal.self, "\(refusal)") {
                try LinearModel.fit(reference.formula, to: reference.table)
            }
            return
        }
        let model = try LinearModel.fit(reference.formula, to: reference.table)
        #expect(model.coefficients.filter { $0.estimate == nil }.map(\.name) == reference.aliased)
        #expect(model.rank == reference.rank)
    }

    @Test("coefficients and standard errors are the doubles nearest to the exact ones", arguments: names)
    func agreesWithTheExactSolution(name: String) throws {
        let reference = try ReferenceCase(name, in: TestFiles.golden)
        guard reference.refusal == nil else { return }
        let model = try LinearModel.fit(reference.formula, to: reference.table)
        for coefficient in model.coefficients {
            let exact = reference.number("exact_80_digits", "coefficients", coefficient.name)
            expectNearest(coefficient.estimate, exact, coefficient.name)
            if let error = reference.number("exact_80_digits", "std_errors", coefficient.name) {
                expectNearest(coefficient.standardError, error, "error of \(coefficient.name)")
            }
        }
        if let sigma = reference.number("exact_80_digits", "sigma") {
            expectNear(model.sigma, sigma, within: .ulpOfOne * sigma + Self.noise, "sigma")
        }
        if let rSquared = reference.number("exact_80_digits", "r_squared") {
            expectClose(model.rSquared, rSquared, within: .ulpOfOne, "R squared")
        }
    }

    @Test("a prediction is off the exact one by no more than the rounding of its terms", arguments: names)
    func predictsTheExactFit(name: String) throws {
        let reference = try ReferenceCase(name, in: TestFiles.golden)
        guard reference.refusal == nil else { return }
        let model = try LinearModel.fit(reference.formula, to: reference.table)
        let fits = reference.document["exact_80_digits"]!["fit"]!.elements!.map { ReferenceCase.number($0)! }
        for (probe, exact) in zip(reference.probes, fits) {
            let largest = ([1.0] + probe.numbers).reduce(0) { max($0, abs($1)) }
            let sizes = model.coefficients.reduce(0) { $0 + abs($1.estimate ?? 0) } * largest
            let estimate = model.estimate(numbers: probe.numbers, levels: probe.levels)
            expectNear(estimate, exact, within: 2 * .ulpOfOne * sizes, "fit")
        }
    }

    /// What is exactly zero may be the rounding noise of a double-double.
    private static let noise = 1e-29

    private func expectNearest(_ value: Double?, _ exact: Double?, _ what: String) {
        let isEqual = value == exact || abs((value ?? .nan) - (exact ?? .nan)) <= Self.noise
        #expect(isEqual, "\(what): \(value ?? .nan), exactly \(exact ?? .nan)")
    }
}
