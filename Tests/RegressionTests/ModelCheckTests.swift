import Testing

@testable import Regression

/// The parts of a stored model, one of which a case spoils.
struct StoredParts: Sendable {
    var formula = Formula.of("y ~ x + f", factors: ["f"])
    var levels = ["f": ["a", "b"]]
    var coefficients = [
        LinearModel.Coefficient(name: "(Intercept)", estimate: 1, standardError: 0.5),
        LinearModel.Coefficient(name: "x", estimate: 2, standardError: 0.25),
        LinearModel.Coefficient(name: "fb", estimate: nil, standardError: nil),
    ]
    var rowCount = 5
    var tolerance = 1e-7
    var residualSumOfSquares = 3.0
    var explainedSumOfSquares = 4.0
    var triangularFactor: [Double] = [2, 1, 3]

    func model() throws -> LinearModel {
        try LinearModel(
            formula: formula, levels: levels, coefficients: coefficients, rowCount: rowCount, tolerance: tolerance,
            residualSumOfSquares: residualSumOfSquares, explainedSumOfSquares: explainedSumOfSquares,
            triangularFactor: triangularFactor)
    }

    mutating func replace(_ name: String, estimate: Double?, standardError: Double?) {
        let place = coefficients.firstIndex { $0.name == name }!
        coefficients[place] = LinearModel.Coefficient(name: name, estimate: estimate, standardError: standardError)
    }
}

struct ModelCheckTests {
    typealias Case = (sentence: String, spoil: @Sendable (inout StoredParts) -> Void)

    static let cases: [Case] = [
        (
            #"bases are given for [], the formula's polynomials are ["poly(x, 2)"]"#,
            { $0.formula = .of("y ~ poly(x, 2) + f", factors: ["f"]) }
        ),
        (#"levels are given for ["g"], the formula's factors are ["f"]"#, { $0.levels = ["g": ["a", "b"]] }),
        ("the factor 'f' has 1 levels; it needs two or more", { $0.levels = ["f": ["a"]] }),
        ("the levels of 'f' are not in byte order: 'b' stands before 'a'", { $0.levels = ["f": ["b", "a"]] }),
        ("the levels of 'f' are not in byte order: 'a' stands before 'a'", { $0.levels = ["f": ["a", "a"]] }),
        ("the coefficients are", { $0.coefficients.removeLast() }),
        ("the coefficients are", { $0.coefficients.swapAt(0, 1) }),
        ("2 coefficients are estimated from 1 rows", { $0.rowCount = 1 }),
        ("2 coefficients are estimated from -3 rows", { $0.rowCount = -3 }),
        (
            "0 coefficients are estimated from 5 rows",
            { parts in
                for name in ["(Intercept)", "x"] { parts.replace(name, estimate: nil, standardError: nil) }
            }
        ),
        ("the coefficient of 'x' is not a finite number", { $0.replace("x", estimate: .infinity, standardError: 1) }),
        ("the coefficient of 'x' must have a standard error", { $0.replace("x", estimate: 1, standardError: nil) }),
        ("the coefficient of 'fb' must have a standard error", { $0.replace("fb", estimate: nil, standardError: 1) }),
        ("the coefficient of '(Intercept)' must have a standard error", { $0.rowCount = 2 }),
        (
            "the standard error of 'x' is not a finite number of 0 or more",
            { $0.replace("x", estimate: 1, standardError: -1) }
        ),
        (
            "the standard error of 'x' is not a finite number of 0 or more",
            { $0.replace("x", estimate: 1, standardError: .nan) }
        ),
        ("the tolerance 0.0 is not accepted", { $0.tolerance = 0 }),
        ("the tolerance nan is not accepted", { $0.tolerance = .nan }),
        ("the residual sum of squares is -1.0", { $0.residualSumOfSquares = -1 }),
        ("the explained sum of squares is inf", { $0.explainedSumOfSquares = .infinity }),
        (
            "the residual sum of squares is not 0 although no degrees of freedom are left",
            { parts in
                parts.rowCount = 2
                parts.replace("(Intercept)", estimate: 1, standardError: nil)
                parts.replace("x", estimate: 2, standardError: nil)
            }
        ),
        ("the triangular factor has 2 entries; 2 estimated coefficients need 3", { $0.triangularFactor = [2, 1] }),
        ("the triangular factor has an entry that is not a finite number", { $0.triangularFactor[1] = .nan }),
        ("the triangular factor's diagonal is not positive in row 2", { $0.triangularFactor[2] = 0 }),
    ]

    @Test("parts that make a model make it")
    func soundParts() throws {
        let model = try StoredParts().model()
        #expect(model.rank == 2 && model.degreesOfFreedom == 3 && model.sigma == 1)
        #expect(model.rSquared == 4.0 / 7)
        #expect(model.estimate(numbers: [3], levels: ["b"]) == 7)
    }

    @Test("parts that do not make a model are refused with the part's name", arguments: cases.indices)
    func spoiltParts(index: Int) {
        var parts = StoredParts()
        Self.cases[index].spoil(&parts)
        let error = #expect(throws: ModelDefect.self) { try parts.model() }
        #expect(error?.description.contains(Self.cases[index].sentence) == true, "\(error?.description ?? "")")
    }
}
