extension LinearModel {
    /// A number that is ordinary among those of a column on the rows of the fit: an example to ask with.
    ///
    /// Where the column, or an expression of it alone, is a term by itself, the number of which the expression has its mean
    /// over the rows: of `area` the mean, of `log(area)` the geometric mean. Of `factor(x)` the first level.
    ///
    /// - Parameter range: where the number is looked for.
    /// - Returns: nil where the model does not tell.
    package func typicalNumber(of column: String, within range: ClosedRange<Double>) -> Double? {
        for atom in formula.atoms {
            switch atom.kind {
            case .factor(let factor) where factor.isOfNumbers && factor.column == column:
                return levels[atom.name]?.first.flatMap(Double.init)
            case .number(let expression) where expression.columns == [column]:
                if let number = columnMean(atom.name).flatMap({ expression.argument(for: $0, within: range) }) {
                    return number
                }
            case .polynomial(let polynomial) where polynomial.argument.columns == [column]:
                let mean = polynomials[atom.name]?.alpha.first ?? columnMean("\(atom.name)1")
                if let number = mean.flatMap({ polynomial.argument.argument(for: $0, within: range) }) { return number }
            default: continue
            }
        }
        return nil
    }

    /// The mean of a column of the design over the rows of the fit. In X = QR the first row of R is that of the intercept:
    /// √n, and the sum of each other column divided by √n.
    private func columnMean(_ name: String) -> Double? {
        guard formula.hasIntercept, let place = coefficients.firstIndex(where: { $0.name == name }),
            coefficients[place].estimate != nil
        else { return nil }
        let free = coefficients[..<place].count { $0.estimate != nil }
        return triangularFactor[free] / triangularFactor[0]
    }
}

extension Expression {
    /// The number of which this expression of one column has a value, found by bisection.
    ///
    /// - Returns: nil where the expression does not have the value between those at the ends of the range.
    fileprivate func argument(for value: Double, within range: ClosedRange<Double>) -> Double? {
        if plainColumn != nil { return range.contains(value) ? value : nil }
        func isBelow(_ number: Double) -> Bool { self.value { _ in number } < value }
        var (lower, upper) = (range.lowerBound, range.upperBound)
        let isLowerBelow = isBelow(lower)
        guard isLowerBelow != isBelow(upper) else { return nil }
        while case let middle = lower + (upper - lower) / 2, middle > lower, middle < upper {
            if isBelow(middle) == isLowerBelow { lower = middle } else { upper = middle }
        }
        return upper
    }
}
