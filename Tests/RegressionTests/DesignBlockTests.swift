import Testing

@testable import Regression

/// Rows are summed in blocks, and levels by lanes or one by one: what comes out is known in closed form.
@Suite("Sums over blocks of rows")
struct DesignBlockTests {
    static let rowCounts = [1, 3, 4, 5, 511, 512, 513, 1025]

    @Test("the mean and the slope through the origin are right for any number of rows", arguments: rowCounts)
    func edges(rowCount: Int) throws {
        let x = (1...rowCount).map { Double($0) }
        let y = x.map { 3 * $0 + ($0.truncatingRemainder(dividingBy: 3) - 1) }
        let table = Table(numbers: ["x": x, "y": y])
        let slope = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / x.reduce(0) { $0 + $1 * $1 }
        let fit = try LinearModel.fit(Formula.of("y ~ 0 + x"), to: table)
        expectNear(fit.coefficients[0].estimate, slope, within: 1e-14 * slope, "slope")
        let mean = try LinearModel.fit(Formula.of("y ~ 1"), to: table)
        expectNear(
            mean.coefficients[0].estimate, y.reduce(0, +) / Double(rowCount), within: 1e-13 * slope * 512,
            "mean")
    }

    @Test("each level has its own mean and slope, few levels or many", arguments: [2, 3, 12, 13, 60])
    func levels(levelCount: Int) throws {
        let rowCount = 1030
        let levels = (0..<rowCount).map { "level \(100 + $0 * 7 % levelCount)" }
        let x = (0..<rowCount).map { 1 + Double($0 % 17) / 4 }
        let y = (0..<rowCount).map { Double($0 * 7 % levelCount) * x[$0] + Double($0 % 5) }
        let table = Table(numbers: ["x": x, "y": y], levels: ["f": levels])
        let means = try LinearModel.fit(Formula.of("y ~ 0 + f", factors: ["f"]), to: table)
        let slopes = try LinearModel.fit(Formula.of("y ~ 0 + f:x", factors: ["f"]), to: table)
        for (place, level) in Set(levels).sorted().enumerated() {
            let rows = levels.indices.filter { levels[$0] == level }
            let mean = rows.reduce(0) { $0 + y[$1] } / Double(rows.count)
            expectNear(means.coefficients[place].estimate, mean, within: 1e-13 * max(1, mean), level)
            let slope = rows.reduce(0) { $0 + x[$1] * y[$1] } / rows.reduce(0) { $0 + x[$1] * x[$1] }
            expectNear(slopes.coefficients[place].estimate, slope, within: 1e-13 * max(1, slope), level)
        }
    }

    @Test("of two crossed factors every cell has its own mean")
    func crossed() throws {
        let rowCount = 2000
        let (a, b) = ((0..<rowCount).map { "a\($0 % 7)" }, (0..<rowCount).map { "b\($0 / 3 % 5)" })
        let y = (0..<rowCount).map { Double($0 % 11) }
        let table = Table(numbers: ["y": y], levels: ["a": a, "b": b])
        let fit = try LinearModel.fit(Formula.of("y ~ a * b", factors: ["a", "b"]), to: table)
        for (one, other) in [("a0", "b0"), ("a6", "b4"), ("a3", "b1"), ("a0", "b2")] {
            let rows = (0..<rowCount).filter { a[$0] == one && b[$0] == other }
            let mean = rows.reduce(0) { $0 + y[$1] } / Double(rows.count)
            expectNear(
                fit.estimate(numbers: [], levels: [one, other]), mean, within: 1e-12, "\(one) \(other)")
        }
    }

    @Test("formulas that are fitted together give the bits that each gives alone")
    func together() throws {
        let data = RandomData(seed: 11)
        let formula = Formula.of("y ~ a + I(b^2) + f", factors: ["f"])
        let rest = Formula.of("y ~ a + I(b^2)")
        let models = try LinearModel.fit(formula, and: [rest], to: data.table)
        let row = RowColumns(of: formula)
        #expect(
            try models == [LinearModel.fit(formula, to: data.table), LinearModel.fit(rest, to: data.table, row: row)])
    }
}
