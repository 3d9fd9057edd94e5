import SeededTesting

@testable import Regression

/// A table of three variables of very different sizes, a factor, and a response that depends on them.
struct RandomData {
    let formula = Formula.of("y ~ a + b + I(b^2) + f + c", factors: ["f"])
    let table: Table

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 12...60, using: &random)
        let levels = ["x", "y", "ä", "Z"].prefix(Int.random(in: 2...4, using: &random))
        let scale = Double(sign: .plus, exponent: Int.random(in: -40...40, using: &random), significand: 1)
        let noise = Double(sign: .plus, exponent: Int.random(in: -30...2, using: &random), significand: 1)
        let a = (0..<count).map { _ in 90 + 5 * random.roughlyNormal() }
        let b = (0..<count).map { _ in random.roughlyNormal() }
        let c = (0..<count).map { _ in scale * random.roughlyNormal() }
        // Every level stands in some row.
        let f = (0..<count).map { $0 < levels.count ? levels[$0] : levels.randomElement(using: &random)! }
        let y = (0..<count).map { row in
            0.05 * a[row] - b[row] * b[row] + c[row] / scale + (f[row] == "x" ? 2 : 0) + noise * random.roughlyNormal()
        }
        table = Table(numbers: ["a": a, "b": b, "c": c, "y": y], levels: ["f": f])
    }

    /// The formula with one more column at its end.
    func formula(also column: String) -> Formula { .of("\(formula) + \(column)", factors: ["f"]) }

    func fit() throws -> LinearModel { try LinearModel.fit(formula, to: table) }

    /// The values of a row as a prediction takes them.
    func predictors(row: Int) -> (numbers: [Double], levels: [String]) {
        (["a", "b", "c"].map { table.numbers[$0]![row] }, [table.levels["f"]![row]])
    }
}

extension Table {
    /// This table with another column of numbers in place of one, or beside the others.
    func with(_ name: String, _ column: [Double]) -> Table {
        Table(numbers: numbers.merging([name: column]) { $1 }, factors: levels)
    }

    /// The rows at these places.
    func rows(_ places: [Int]) -> Table {
        Table(
            numbers: numbers.mapValues { column in places.map { column[$0] } },
            levels: levels.mapValues { column in places.map { column[$0] } })
    }
}
