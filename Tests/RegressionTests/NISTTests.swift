import Documents
import Testing

@testable import Regression

/// NIST's certified regressions (https://www.itl.nist.gov/div898/strd), from the data beside the project.
@Suite(.enabled(if: TestFiles.hasShared, "the reference data ../shared is not here"))
struct NISTTests {
    @Test("every certified figure is met to 13 digits", arguments: TestFiles.names(in: TestFiles.nist))
    func meetsCertifiedValues(name: String) throws {
        let certified = try TestFiles.document(name, in: TestFiles.nist)
        let model = try Self.fit(name, certified)
        let estimates = model.coefficients.map { $0.estimate! }
        let errors = model.coefficients.map { $0.standardError! }
        let digits = [
            "coefficients": Self.worstDigits(estimates, certified["certified"]!["coefficients"]!),
            "standard deviations": Self.worstDigits(errors, certified["certified"]!["standard_deviations"]!),
            "residual deviation": Self.digits(model.sigma!, certified["certified"]!["residual_sd"]!),
            "R squared": Self.digits(model.rSquared!, certified["certified"]!["r_squared"]!),
            "F": Self.digits(model.fStatistic!.value, certified["certified"]!["anova"]!["regression"]!["f"]!),
        ]
        let line = digits.sorted { $0.key < $1.key }.map { "\($0.key) \(Double(Int($0.value * 10)) / 10)" }
        print("right digits (LRE) of \(name): \(line.joined(separator: ", "))")
        for (figure, count) in digits { #expect(count >= 13, "\(figure)") }
    }

    /// The columns by name, the powers of x as the formula has them. Filip's are nearly collinear, hence the tolerance.
    private static func fit(_ name: String, _ certified: JSON) throws -> LinearModel {
        let lines = try TestFiles.text(name + ".csv", in: TestFiles.nist).split(whereSeparator: \.isNewline)
        let cells = lines.map { $0.split(separator: ",").map(String.init) }
        let columns = cells[0].indices.map { place in (cells[0][place], cells.dropFirst().map { Double($0[place])! }) }
        let terms = certified["terms"]!.members!.map(\.value.text!).filter { $0 != "1" }
        let powers = terms.map { $0.contains("^") ? "I(\($0))" : $0 }.joined(separator: " + ")
        let formula = Formula.of("y ~ \(powers)\(certified["intercept"]!.boolean! ? "" : " - 1")")
        return try LinearModel.fit(
            formula, to: Table(numbers: Dictionary(uniqueKeysWithValues: columns)), tolerance: 1e-12)
    }

    private static func worstDigits(_ values: [Double], _ certified: JSON) -> Double {
        zip(values, certified.members!).map { digits($0, $1.value) }.min()!
    }

    /// The digits of the relative error, or of the value where it is certified to be 0, or infinite; 15 at most.
    private static func digits(_ value: Double, _ certified: JSON) -> Double {
        let exact = ReferenceCase.number(certified)!
        let error = exact == 0 ? abs(value) : exact.isInfinite ? 1 / value : relativeError(value, exact)
        return min(15, -error.naturalLogarithm() / 10.0.naturalLogarithm())
    }
}
