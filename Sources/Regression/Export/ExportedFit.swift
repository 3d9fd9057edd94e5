/// A fit as coefficients of columns that are arithmetic over a row: what other programs need in order to predict.
package struct ExportedFit: Sendable {
    /// Those of the design that are not aliased, in its order.
    package let columns: [Column]
    /// The columns of a row that are taken for levels, in the order of the formula.
    package let factors: [Factor]

    package struct Column: Sendable, Hashable {
        /// R's name.
        package let name: String
        package let coefficient: Double
        /// What the coefficient is multiplied by where the row has the levels; nil for 1.
        package let number: Arithmetic?
        /// Where the row has others, the column is 0.
        package let levels: [Level]

        init(name: String, coefficient: Double, number: Arithmetic?, levels: [Level]) {
            self.name = name
            self.coefficient = coefficient
            self.number = number
            self.levels = levels
        }

        /// What is added whatever the row.
        package init(name: String, constant: Double) {
            self.init(name: name, coefficient: constant, number: nil, levels: [])
        }

        package var isIntercept: Bool { number == nil && levels.isEmpty }
    }

    package struct Level: Sendable, Hashable {
        package let column: String
        package let name: String
        /// The level's number, where the column is one of numbers.
        package let number: Double?
    }

    package struct Factor: Sendable, Hashable {
        package let column: String
        /// Those that the rows of the fit had.
        package let levels: [Level]
    }

    /// The response that the fit expects, on its own scale; nil where a level is none of those of the fit.
    package func value(numbers: (String) -> Double, level: (String) -> String) -> Double? {
        func holds(_ wanted: Level) -> Bool {
            wanted.number.map { $0 == numbers(wanted.column) } ?? (level(wanted.column) == wanted.name)
        }
        guard factors.allSatisfy({ $0.levels.contains(where: holds) }) else { return nil }
        return columns.reduce(0) { sum, column in
            guard column.levels.allSatisfy(holds) else { return sum }
            return sum + column.coefficient * (column.number?.value(numbers) ?? 1)
        }
    }
}

/// Why a model cannot be written in another form.
package struct ExportRefusal: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension LinearModel {
    /// - Throws: where a term cannot be written so that its digits are kept.
    package func exported() throws(ExportRefusal) -> ExportedFit {
        for atom in formula.atoms {
            if let degree = atom.orthogonalPolynomial?.degree, degree > PolynomialBasis.exportedDegreeMax {
                throw ExportRefusal(
                    "the term \(atom.name) cannot be exported: written as powers, orthogonal polynomials keep their digits"
                        + " up to degree \(PolynomialBasis.exportedDegreeMax); use poly(…, raw = TRUE) or a lower degree"
                )
            }
        }
        let basis = layout.sources.flatMap { source in arithmetic(of: source) }
        let columns = zip(layout.columns, coefficients).compactMap { column, coefficient -> ExportedFit.Column? in
            guard let estimate = coefficient.estimate else { return nil }
            let numbers = column.basis.map { basis[$0] }
            return ExportedFit.Column(
                name: coefficient.name, coefficient: estimate,
                number: numbers.first.map { numbers.dropFirst().reduce($0) { .product($0, $1) } },
                levels: column.indicators.map { level(of: $0.factor, $0.level) })
        }
        var factors: [ExportedFit.Factor] = []
        for (place, factor) in layout.factors.enumerated()
        where !factors.contains(where: { $0.column == factor.column }) {
            factors.append(
                ExportedFit.Factor(
                    column: factor.column, levels: layout.levels[place].indices.map { level(of: place, $0) }))
        }
        return ExportedFit(columns: columns, factors: factors)
    }

    private func level(of factor: Int, _ level: Int) -> ExportedFit.Level {
        let name = layout.levels[factor][level]
        return ExportedFit.Level(
            column: layout.factors[factor].column, name: name,
            number: layout.factors[factor].isOfNumbers ? Double(name) : nil)
    }

    private func arithmetic(of source: DesignLayout.Source) -> [Arithmetic] {
        switch source {
        case .power(let number, 1): [.column(row.numbers[number])]
        case .power(let number, let exponent): [.power(.column(row.numbers[number]), .number(Double(exponent)))]
        case .expression(let expression, _): [expression.arithmetic]
        case .polynomial(let expression, _, let basis): basis.arithmetic(of: expression.arithmetic)
        }
    }
}
