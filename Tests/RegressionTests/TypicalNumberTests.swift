import Testing

@testable import Regression

@Suite("A number that is ordinary for a column")
struct TypicalNumberTests {
    private static let xs = [1.0, 2, 3, 4, 10, 16, 20, 24]
    private static let mean = xs.reduce(0, +) / 8
    private static let geometricMean = 6.070_109_950_633_122

    @Test(
        "it is that of which the column's own term has its mean",
        arguments: [
            ("y ~ x", mean), ("y ~ z + x", mean), ("y ~ log(x)", geometricMean), ("y ~ log10(x) * z", geometricMean),
            ("y ~ poly(x, 2)", mean), ("y ~ poly(x, 2, raw = TRUE)", mean), ("y ~ I(x / 2 + 1)", mean),
            ("y ~ factor(x)", 1), ("y ~ x - 1", nil), ("y ~ z:x", nil), ("y ~ z", nil), ("y ~ log(x + z)", nil),
            // Not to be told from x.
            ("y ~ z + I(3 * z) + x", mean),
        ] as [(String, Double?)])
    func typical(_ formula: String, _ expected: Double?) throws {
        let zs = [3.0, 1, 4, 1, 5, 9, 2, 6]
        let ys = zip(Self.xs, zs).map { $0 + 2 * $1 + ($0 * $1).truncatingRemainder(dividingBy: 3) }
        let table = Table(numbers: ["x": Self.xs, "y": ys, "z": zs])
        let formula = try Formula(formula)
        let row = RowColumns(of: formula)
        let model = try LinearModel.fit(formula, to: table, row: row, tolerance: LinearModel.defaultTolerance)
        let typical = model.typicalNumber(of: "x", within: 0...1000)
        if let expected {
            #expect(abs(try #require(typical) - expected) < 1e-8 * expected)
        } else {
            #expect(typical == nil)
        }
        #expect(formula.factorColumns == ["x"] || model.typicalNumber(of: "x", within: 500...1000) == nil)
    }
}
