import SeededTesting
import Testing

@testable import Regression

@Suite("Quick fits")
struct QuickFitTests {
    private struct Rows {
        var predictors: [[Double]] = []
        var levels: [String] = []
        var responses: [Double] = []

        init(_ count: Int, seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            for index in 0..<count {
                let row = [Double.random(in: 70...110, using: &random), .random(in: 1000...1001, using: &random)]
                predictors.append(row)
                levels.append(["b", "a", "c"][index % 3])
                responses.append(3 * row[0] - row[1] + Double(index % 3) + .random(in: -1...1, using: &random))
            }
        }

        var design: QuickDesign {
            let columns = [0, 1].map { column in predictors.map { $0[column] } }
            return QuickDesign(columns: columns, groups: FactorColumn(levels), responses: responses)
        }

        func model(_ rows: [Int], withFactor: Bool) throws -> LinearModel {
            return try LinearModel.fit(
                .of("y ~ x + z\(withFactor ? " + g" : "")", factors: ["g"]),
                to: Table(
                    numbers: [
                        "y": rows.map { responses[$0] }, "x": rows.map { predictors[$0][0] },
                        "z": rows.map { predictors[$0][1] },
                    ], levels: ["g": rows.map { levels[$0] }]))
        }
    }

    private static func isNear(_ value: Double, _ expected: Double) -> Bool {
        abs(value - expected) <= 1e-8 * max(1, abs(expected))
    }

    @Test(
        "the sums of rows that stand together among very many are those of the rows one by one",
        arguments: [0..<10_000, 1..<9_999, 130..<9_000, 4_000..<4_200, 9_900..<10_000, 157..<314, 0..<157])
    func together(range: Range<Int>) {
        let design = Rows(10_000, seed: 3).design
        #expect(design.blocks.within(0...9_999)?.rows == 0..<9_891)
        let sums = Sums(of: Array(range)[...], in: design)
        var others = Sums(design)
        others.add(Array(range).span, design)
        #expect(sums.counts == others.counts)
        for i in 0..<design.width {
            #expect(Self.isNear(sums.moment(i), others.moment(i)))
            for j in 0..<design.width + design.levelCount {
                #expect(Self.isNear(sums.product(i, j), others.product(i, j)))
            }
        }
    }

    @Test(
        "they say what the exact fit says, of all rows and of each one left out",
        arguments: 1...20 as ClosedRange<UInt64>)
    func exact(seed: UInt64) throws {
        let rows = Rows(60, seed: seed)
        let places = Array(10..<40)
        let (fit, model) = (rows.design.fit(places), try rows.model(places, withFactor: true))
        #expect(fit.coefficientCount == 5 && fit.rowCount == 30)
        for row in 0..<60 {
            let expected = try #require(model.estimate(numbers: rows.predictors[row], levels: [rows.levels[row]]))
            #expect(Self.isNear(fit.estimate(row), expected))
        }
        for row in places {
            let expected = try #require(
                model.leaveOneOutEstimate(
                    numbers: rows.predictors[row], levels: [rows.levels[row]], response: rows.responses[row]))
            #expect(Self.isNear(try #require(fit.leaveOneOut(row)), expected))
        }
    }

    @Test("a level that the rows do not hold is answered without the factor, and its only row cannot be left out")
    func levels() throws {
        let rows = Rows(60, seed: 7)
        let places = (0..<30).filter { $0 % 3 != 2 } + [32]
        let fit = rows.design.fit(places)
        #expect(fit.leaveOneOut(32) == nil && fit.leaveOneOutWithoutFactor(32) != nil)
        let known = places.filter { $0 != 32 }
        let expected = try #require(
            rows.model(known, withFactor: false).estimate(numbers: rows.predictors[50], levels: []))
        #expect(Self.isNear(rows.design.fit(known).estimate(50), expected))
        let one = rows.design.fit([0, 3, 6, 9, 12])
        #expect(one.coefficientCount == 3)
    }

    @Test("a column that does not vary among the rows adds nothing")
    func aliased() throws {
        var rows = Rows(60, seed: 3)
        for row in 0..<30 { rows.predictors[row][1] = 1000.5 }
        let places = Array(0..<30)
        let (fit, model) = (rows.design.fit(places), try rows.model(places, withFactor: true))
        #expect(model.rank == 4)
        for row in places {
            let expected = try #require(model.estimate(numbers: rows.predictors[row], levels: [rows.levels[row]]))
            #expect(Self.isNear(fit.estimate(row), expected))
        }
    }
}
