import Documents
import Regression
import Specification
import Testing

@testable import Companion

@Suite("Friedman's drifting function")
struct FriedmanTests {
    @Test("the same seed gives the same rows, other seeds others", arguments: Friedman.Drift.allCases)
    func seeds(_ drift: Friedman.Drift) {
        let rows = Array(Friedman(drift, seed: 1))
        #expect(rows.count == Friedman.count)
        #expect(rows.map(\.response) == Friedman(drift, seed: 1).map(\.response))
        #expect(rows[0].response != Friedman(drift, seed: 2).first { _ in true }?.response)
    }

    /// The slopes of a linear fit tell which variables matter, for the function is symmetric in the square.
    private func slopes(_ drift: Friedman.Drift, _ range: Range<Int>) throws -> [Double] {
        let rows = Array(Friedman(drift, seed: 3))[range]
        var columns = ["y": rows.map(\.response)]
        for place in 0..<10 { columns["x\(place + 1)"] = rows.map { $0.predictors[place] } }
        let model = try LinearModel.fit(
            Friedman.specification.formula.without(factors: ["level"]), to: Table(numbers: columns))
        return model.coefficients.dropFirst().compactMap(\.estimate)
    }

    @Test(
        "the variables change their parts at the drifts",
        arguments: [
            (.abrupt, 0..<1000, 4, 5), (.abrupt, 1000..<2000, 1, 3), (.abrupt, 2000..<3000, 4, 5),
            (.gradual, 0..<1000, 4, 5), (.gradual, 1500..<2000, 1, 3), (.gradual, 2500..<3000, 3, 1),
        ] as [(Friedman.Drift, Range<Int>, Int, Int)])
    func parts(_ drift: Friedman.Drift, _ range: Range<Int>, _ ten: Int, _ five: Int) throws {
        let slopes = try slopes(drift, range)
        #expect(abs(slopes[ten - 1] - 10) < 1.2)
        #expect(abs(slopes[five - 1] - 5) < 1.2)
    }

    @Test("in a gradual drift both functions come")
    func gradual() throws {
        let slopes = try slopes(.gradual, 1000..<1500)
        // Of the third variable: 0 in the one, 5 in the other.
        #expect(abs(slopes[2] - 2.5) < 1)
    }
}
