/// Why the parts of a stored model do not make a model.
package struct ModelDefect: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence that names the part.
    package let description: String

    init(_ description: String) { self.description = description }
}

extension LinearModel {
    /// The formula and the levels, which must be sound before the columns can be told.
    static func checkStructure(formula: Formula, levels: [String: [String]]) throws(ModelDefect) {
        do { try formula.check() } catch { throw ModelDefect(error.description) }
        guard Set(levels.keys) == Set(formula.factors) else {
            throw ModelDefect(
                "levels are given for \(levels.keys.sorted()), the formula's factors are \(formula.factors)")
        }
        for (factor, names) in levels {
            guard names.count > 1 else {
                throw ModelDefect("the factor '\(factor)' has \(names.count) levels; it needs two or more")
            }
            for (level, next) in zip(names, names.dropFirst()) {
                guard level.precedesInByteOrder(next), level != next else {
                    throw ModelDefect(
                        "the levels of '\(factor)' are not in byte order: '\(level)' stands before '\(next)'")
                }
            }
        }
    }

    /// The coefficients are those of the design, and absent together.
    func checkCoefficients() throws(ModelDefect) {
        let names = coefficients.map(\.name)
        guard names == layout.names else {
            throw ModelDefect("the coefficients are \(names), the formula and the levels give \(layout.names)")
        }
        if let name = layout.repeatedName { throw ModelDefect("two coefficients are called '\(name)'") }
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
