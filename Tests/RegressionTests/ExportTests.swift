import Testing

@testable import Regression

@Suite("A fit as arithmetic")
struct ExportTests {
    private static let names = ReferenceCase.names(in: TestFiles.fixtures)

    @Test("its columns and their arithmetic give R's predictions", arguments: names)
    func predicts(name: String) throws {
        let reference = try ReferenceCase(name, in: TestFiles.fixtures)
        let model = try LinearModel.fit(reference.formula, to: reference.table)
        let fit = try model.exported()
        #expect(fit.columns.map(\.name) == model.coefficients.filter { $0.estimate != nil }.map(\.name))
        for probe in reference.probes {
            let numbers = Dictionary(uniqueKeysWithValues: zip(reference.formula.numbers, probe.numbers))
            let levels = Dictionary(uniqueKeysWithValues: zip(reference.formula.factors, probe.levels))
            let value = try #require(fit.value(numbers: { numbers[$0]! }, level: { levels[$0]! }))
            expectClose(value, probe.number("fit"), within: 1e-9, "fit")
            let response = reference.formula.response
            let original = response.arithmetic(of: .column("fit")).value { _ in value }
            expectClose(original, response.original(value), within: 1e-14, "original")
        }
    }

    @Test("a level that the rows did not have has no value")
    func unseen() throws {
        let reference = try ReferenceCase("iris", in: TestFiles.fixtures)
        let fit = try LinearModel.fit(reference.formula, to: reference.table).exported()
        #expect(fit.value(numbers: { _ in 1 }, level: { _ in "rose" }) == nil)
    }

    @Test(
        "the response's way back keeps signs and ends of ranges",
        arguments: [
            "sqrt(y)", "y^3", "I(y^2)", "-y", "1/y", "exp(y)", "log1p(y)", "log(y, 3)", "2 - y/4", "log2(y + 1)",
        ])
    func original(response: String) throws {
        let response = try Formula("\(response) ~ x").response
        for value in [-2, -0.5, 0.25, 1, 3] {
            let original = response.original(value)
            guard original.isFinite else { continue }
            expectClose(
                response.arithmetic(of: .column("fit")).value { _ in value }, original, within: 1e-14, "\(value)")
        }
    }

    @Test("a polynomial whose powers would lose their digits is refused, and the term is named")
    func degree() throws {
        let numbers = (0..<60).map { Double($0) / 7 }
        let table = Table(numbers: ["x": numbers, "y": numbers.map { $0 * $0 }], levels: [:])
        let model = try LinearModel.fit(try Formula("y ~ poly(x, 21)"), to: table, tolerance: 1e-12)
        #expect { try model.exported() } throws: { ("\($0)").contains("poly(x, 21)") }
    }

    @Test("an orthogonal polynomial of the highest degree keeps eight digits")
    func highestDegree() throws {
        let numbers = (0..<60).map { 100 + Double($0) / 7 }
        let table = Table(numbers: ["x": numbers, "y": numbers.map { $0.squareRoot() }], levels: [:])
        let model = try LinearModel.fit(try Formula("y ~ poly(x, 20)"), to: table, tolerance: 1e-12)
        let fit = try model.exported()
        for number in numbers {
            let value = try #require(fit.value(numbers: { _ in number }, level: { _ in "" }))
            expectClose(value, model.estimate(numbers: [number], levels: []), within: 1e-8, "\(number)")
        }
    }
}
