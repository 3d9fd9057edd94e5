/// Polynomials that are orthogonal on the rows of a fit, as R's `poly` has them; what `predict` needs to form the same ones
/// of other rows.
///
/// They follow from the recurrence p₀ = 1, p₁ = x - α₁, pᵢ₊₁ = (x - αᵢ₊₁) pᵢ - (nᵢ₊₁ / nᵢ) pᵢ₋₁, each divided by its norm
/// (W. J. Kennedy and J. E. Gentle, *Statistical Computing*, 1980, section 13.3.2; R's `coefs`).
package struct PolynomialBasis: Sendable, Equatable {
    /// One for each degree.
    package let alpha: [Double]
    /// The squared norms over the rows, those of degree 0 first: one more than `alpha`.
    package let squaredNorms: [Double]

    package init(alpha: [Double], squaredNorms: [Double]) {
        self.alpha = alpha
        self.squaredNorms = squaredNorms
    }

    var degree: Int { alpha.count }

    /// Calls `body` with the place and the value of each polynomial from degree 1 on.
    @inline(__always)
    func forEachValue<Number: RealNumber>(at argument: Number, _ body: (Int, Number) -> Void) {
        var (before, current) = (Number.zero, Number.one)
        for place in alpha.indices {
            let ratio =
                place == 0 ? Number.zero : Number(squaredNorms[place]) / Number(squaredNorms[place - 1])
            let next = (argument - Number(alpha[place])) * current - ratio * before
            (before, current) = (current, next)
            body(place, next / Number(squaredNorms[place + 1]).squareRoot())
        }
    }

    /// The basis of some numbers (the Stieltjes procedure), formed in double-double.
    ///
    /// - Returns: nil where there are not more different numbers than the degree says.
    init?(of numbers: [DoubleDouble], degree: Int) {
        guard Set(numbers).count > degree else { return nil }
        var alpha: [Double] = []
        var squaredNorms = [Double(numbers.count)]
        var before = Array(repeating: DoubleDouble.zero, count: numbers.count)
        var current = Array(repeating: DoubleDouble.one, count: numbers.count)
        for place in 0..<degree {
            var (moment, square) = (DoubleDouble.zero, DoubleDouble.zero)
            for row in numbers.indices {
                let power = current[row] * current[row]
                moment += numbers[row] * power
                square += power
            }
            alpha.append(Double(moment / square))
            let ratio =
                place == 0
                ? DoubleDouble.zero : DoubleDouble(squaredNorms[place]) / DoubleDouble(squaredNorms[place - 1])
            var norm = DoubleDouble.zero
            for row in numbers.indices {
                let next = (numbers[row] - DoubleDouble(alpha[place])) * current[row] - ratio * before[row]
                (before[row], current[row]) = (current[row], next)
                norm += next * next
            }
            guard Double(norm).isNormal else { return nil }
            squaredNorms.append(Double(norm))
        }
        self.alpha = alpha
        self.squaredNorms = squaredNorms
    }
}
