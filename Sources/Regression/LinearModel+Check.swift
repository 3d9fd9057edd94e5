/// Why the parts of a stored model do not make a model.
package struct ModelDefect: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence that names the part.
    package let description: String

    init(_ description: String) { self.description = description }
}

extension LinearModel {
    /// The formula and the levels, which must be sound before the columns can be told.
    static func checkStructure(formula: Formula, levels: [String: [String]]) throws(ModelDefect) {
        let factors = formula.atoms.filter { $0.factor != nil }
        guard Set(levels.keys) == Set(factors.map(\.name)) else {
            throw ModelDefect(
                "levels are given for \(levels.keys.sorted()), the formula's factors are \(factors.map(\.name))")
        }
        for atom in factors {
            guard let factor = atom.factor, let names = levels[atom.name], names.count > 1 else {
                throw ModelDefect(
                    "the factor '\(atom.name)' has \(levels[atom.name]?.count ?? 0) levels; it needs two or more")
            }
            for (level, next) in zip(names, names.dropFirst()) where !factor.precedes(level, next) {
                throw ModelDefect(
                    "the levels of '\(atom.name)' are not in \(factor.isOfNumbers ? "the order of numbers" : "byte order"):"
                        + " '\(level)' stands before '\(next)'")
            }
        }
    }

    /// Each orthogonal polynomial has the basis that its degree asks for.
    static func checkPolynomials(
        _ polynomials: [String: PolynomialBasis], formula: Formula
    ) throws(ModelDefect) {
        let atoms = formula.atoms.filter { $0.orthogonalPolynomial != nil }
        guard Set(polynomials.keys) == Set(atoms.map(\.name)) else {
            throw ModelDefect(
                "bases are given for \(polynomials.keys.sorted()), the formula's polynomials are \(atoms.map(\.name))")
        }
        for atom in atoms {
            guard let basis = polynomials[atom.name], basis.degree == atom.orthogonalPolynomial?.degree,
                basis.squaredNorms.count == basis.degree + 1, basis.alpha.allSatisfy(\.isFinite),
                basis.squaredNorms.allSatisfy({ $0.isNormal && $0 > 0 })
            else { throw ModelDefect("the basis of '\(atom.name)' does not fit its degree") }
        }
    }

    /// The coefficients are those of the design.
    static func checkNames(_ names: [String], _ layout: DesignLayout) throws(ModelDefect) {
        guard names == layout.names else {
            throw ModelDefect("the coefficients are \(names), the formula and the levels give \(layout.names)")
        }
        if let name = layout.repeatedName { throw ModelDefect("two coefficients are called '\(name)'") }
    }

    /// They are absent together.
    func checkCoefficients() throws(ModelDefect) {
        guard 1...max(rowCount, 1) ~= rank else {
            throw ModelDefect("\(rank) coefficients are estimated from \(rowCount) rows")
        }
        for coefficient in coefficients {
            let error = coefficient.standardError
            guard coefficient.estimate?.isFinite ?? true else {
                throw ModelDefect("the coefficient of '\(coefficient.name)' is not a finite number")
            }
            guard (error == nil) == (coefficient.estimate == nil || degreesOfFreedom == 0) else {
                throw ModelDefect(
                    "the coefficient of '\(coefficient.name)' must have a standard error if it is estimated and degrees"
                        + " of freedom are left, and none otherwise")
            }
            guard error.map({ $0.isFinite && $0 >= 0 }) ?? true else {
                throw ModelDefect("the standard error of '\(coefficient.name)' is not a finite number of 0 or more")
            }
        }
    }

    /// Each is of a column that is not estimated, and names the estimated ones before it.
    func checkAliases() throws(ModelDefect) {
        for alias in aliases {
            guard coefficients.indices.contains(alias.column), coefficients[alias.column].estimate == nil,
                alias.factors.count == coefficients[..<alias.column].count(where: { $0.estimate != nil }),
                alias.factors.allSatisfy(\.isFinite)
            else { throw ModelDefect("what is said of the column \(alias.column), which others carry, does not fit") }
        }
    }

    func checkNumbers() throws(ModelDefect) {
        guard tolerance >= Self.toleranceMin, tolerance < 1 else {
            throw ModelDefect(FitRefusal.tolerance(tolerance).description)
        }
        for (name, sum) in [("residual", residualSumOfSquares), ("explained", explainedSumOfSquares)] {
            guard sum.isFinite, sum >= 0 else {
                throw ModelDefect("the \(name) sum of squares is \(sum); it must be a finite number of 0 or more")
            }
        }
        guard degreesOfFreedom > 0 || residualSumOfSquares == 0 else {
            throw ModelDefect("the residual sum of squares is not 0 although no degrees of freedom are left")
        }
        guard triangularFactor.count == Triangle.count(rank) else {
            throw ModelDefect(
                "the triangular factor has \(triangularFactor.count) entries; \(rank) estimated coefficients need"
                    + " \(Triangle.count(rank))")
        }
        guard triangularFactor.allSatisfy(\.isFinite) else {
            throw ModelDefect("the triangular factor has an entry that is not a finite number")
        }
        var diagonal = 0
        for row in 0..<rank {
            guard triangularFactor[diagonal] > 0 else {
                throw ModelDefect("the triangular factor's diagonal is not positive in row \(row + 1)")
            }
            diagonal += rank - row
        }
    }
}
