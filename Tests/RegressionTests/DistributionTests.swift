import Documents
import Testing

@testable import Regression

/// Student's t and F against mpmath (Scripts/make-distribution-fixtures.py) and closed forms.
struct DistributionTests {
    private static let document = Result { try TestFiles.document("distributions", in: TestFiles.fixtures) }

    @Test("the tails of t are right to 2e-14 of themselves, from 1 to a million degrees of freedom")
    func tailsOfT() throws {
        let cases = try Self.document.get()["t_tails"]!.elements!
        #expect(cases.count > 100)
        for reference in cases {
            let t = StudentT(degreesOfFreedom: Int(reference["df"]!.integer!))
            let value = reference["t"]!.double!
            expectClose(t.bothTails(of: value), reference["both_tails"]!.double, within: 2e-14, "\(reference)")
            #expect(t.bothTails(of: -value) == t.bothTails(of: value))
        }
    }

    @Test("the upper tail of F is right to 2e-14 of itself")
    func tailsOfF() throws {
        let cases = try Self.document.get()["f_tails"]!.elements!
        #expect(cases.count > 80)
        for reference in cases {
            let f = FDistribution(
                numerator: Int(reference["df1"]!.integer!), denominator: Int(reference["df2"]!.integer!))
            let tail = f.upperTail(of: reference["f"]!.double!)
            expectClose(tail, reference["upper_tail"]!.double, within: 2e-14, "\(reference)")
        }
    }

    static let probabilities = [0.4, 0.25, 0.1, 0.025, 0.005, 1e-6, 1e-16, 1e-100, 1e-300]

    @Test("a quantile is right to 2e-14 of itself", arguments: [1, 2, 3, 7, 46, 97, 1000, 1_000_000], probabilities)
    func quantileInvertsTail(degreesOfFreedom: Int, probability: Double) {
        let t = StudentT(degreesOfFreedom: degreesOfFreedom)
        let quantile = t.quantile(upperTail: probability)
        #expect(t.bothTails(of: quantile * (1 + 2e-14)) <= 2 * probability)
        #expect(t.bothTails(of: quantile * (1 - 2e-14)) >= 2 * probability)
    }

    @Test("a quantile of t with two degrees of freedom is its closed form", arguments: probabilities)
    func quantileWithTwoDegrees(probability: Double) {
        let quantile = StudentT(degreesOfFreedom: 2).quantile(upperTail: probability)
        let exact = (1 - 2 * probability) / (2 * probability * (1 - probability)).squareRoot()
        expectClose(quantile, exact, within: 1e-12, "quantile")
    }

    @Test("the ends of the distributions are certain")
    func ends() {
        let t = StudentT(degreesOfFreedom: 5)
        #expect(t.bothTails(of: 0) == 1)
        #expect(t.bothTails(of: .infinity) == 0)
        #expect(t.bothTails(of: -.infinity) == 0)
        #expect(t.bothTails(of: .nan).isNaN)
        #expect(t.quantile(upperTail: 0.5) == 0)
        let f = FDistribution(numerator: 3, denominator: 5)
        #expect(f.upperTail(of: 0) == 1)
        #expect(f.upperTail(of: .infinity) == 0)
    }

    @Test("a probability too small for a double is 0, and one that is not is not")
    func farTails() {
        #expect(StudentT(degreesOfFreedom: 1000).bothTails(of: 1e3) == 0)
        // One degree of freedom: 2/π · arctan(1/t), which for a large t is 2/(π t).
        expectClose(StudentT(degreesOfFreedom: 1).bothTails(of: 1e300), 2 / Double.pi / 1e300, within: 1e-15, "Cauchy")
    }
}
