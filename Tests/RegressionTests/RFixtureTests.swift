import Documents
import Testing

@testable import Regression

/// Fits of data sets that come with R, by Scripts/make-regression-fixtures.R.
struct RFixtureTests {
    private static let names = ReferenceCase.names(in: TestFiles.fixtures)

    @Test("a fit agrees with R's in every figure", arguments: names)
    func agreesWithR(name: String) throws {
        let reference = try ReferenceCase(name, in: TestFiles.fixtures)
        let model = try LinearModel.fit(reference.formula, to: reference.table)
        #expect(model.coefficients.filter { $0.estimate == nil }.map(\.name) == reference.aliased)
        try ReferenceComparison(reference, model, within: 1e-9).compareAll()
        expectClose(model.fStatistic?.pValue, reference.number("f_p_value"), within: 1e-9, "p of F")
    }

    @Test("the quartiles of the residuals are R's", arguments: names)
    func agreesInQuartiles(name: String) throws {
        let reference = try ReferenceCase(name, in: TestFiles.fixtures)
        let model = try LinearModel.fit(reference.formula, to: reference.table)
        let quartiles = Quartiles(model.residuals(of: reference.table))!.values
        let expected = reference.document["residual_quartiles"]!.elements!.map { ReferenceCase.number($0)! }
        for (value, quartile) in zip(quartiles, expected) {
            expectNear(value, quartile, within: 1e-11 * expected.map(abs).max()! + 1e-11, "quartile")
        }
    }

    @Test("the fixtures are here")
    func fixturesAreHere() { #expect(Self.names.count == 47) }
}
