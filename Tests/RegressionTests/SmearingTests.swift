import Testing

@testable import Regression

@Suite("Duan's smearing estimate")
struct SmearingTests {
    private static let x = (1...10).map(Double.init)
    private static let y = [2.1, 3.9, 7.2, 6.8, 12.5, 11.1, 17.9, 14.2, 23.5, 19.0]

    /// By R 4.2: the fit transformed back, and the mean of the fit with each residual added, transformed back.
    @Test(
        "is what R makes of a fit and its residuals",
        arguments: [
            ("log(y) ~ log(x)", 5.5, 11.633407532614331, 11.772431405224065),
            ("sqrt(y) ~ x", 5.5, 10.75043030816226, 10.856470534680845),
            ("log10(y) ~ x", 5.5, 9.5506320604857287, 9.8875506584030859),
            ("I(1/y) ~ x", 2, 3.7526593751116799, 4.0189894832838382),
        ])
    func mean(formula: String, x: Double, median: Double, mean: Double) throws {
        let table = Table(numbers: ["x": Self.x, "y": Self.y], levels: [:])
        let model = try LinearModel.fit(try Formula(formula), to: table)
        let response = model.formula.response
        let fit = try #require(model.estimate(numbers: [x], levels: []))
        let smearing = Smearing(model.residuals(of: table), by: response)
        expectClose(response.original(fit), median, within: 1e-12, formula)
        expectClose(smearing.mean(fit, by: response), mean, within: 1e-12, formula)
    }

    @Test("a logarithm needs one number, whatever the rows; others keep at most so many residuals and stay near")
    func compact() throws {
        // Quantiles of a uniform distribution from -1 to 1.
        let residuals = (0..<20_000).map { (place: Int) -> Double in
            let shuffled = Double(place * 7919 % 20_000)
            return (shuffled + 0.5) / 10_000 - 1
        }
        let logarithm = try Formula("log(y / 1000) ~ x").response
        guard case .factor(let factor) = Smearing(residuals, by: logarithm) else {
            Issue.record("a logarithm keeps residuals")
            return
        }
        expectClose(factor, 1.1752011936438014, within: 1e-8, "sinh(1)")
        let root = try Formula("sqrt(y) ~ x").response
        let smearing = Smearing(residuals, by: root)
        guard case .residuals(let kept) = smearing else {
            Issue.record("a root keeps none")
            return
        }
        #expect(kept.count == Smearing.residualsMax && kept == kept.sorted())
        expectClose(smearing.mean(5, by: root), 25 + 1.0 / 3, within: 1e-6, "25 and the residuals' variance")
    }
}
