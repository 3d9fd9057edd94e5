/// A basis function of all rows of a design, divided by a power of two.
struct BasisColumn {
    enum Values {
        /// Of a scaled number; a block forms it by itself.
        case power(number: Int, exponent: Int)
        /// Worked out once in double-double, as it is more than a low power of a number.
        case workedOut(high: [Double], low: [Double])
    }

    let values: Values
    /// Of the power of two.
    let exponent: Int

    private static let formedPowers = 1...4

    /// Those of a layout, by their places. A power takes the scale of its number; of what else is worked out, the largest
    /// value decides.
    static func columns(
        of layout: DesignLayout, _ numbers: [ScaledColumn], rowCount: Int
    ) throws(FitRefusal) -> [BasisColumn] {
        var columns: [BasisColumn] = []
        for source in layout.sources {
            switch source {
            case .power(let number, let exponent):
                columns.append(power(exponent, of: number, numbers[number]))
            case .expression(let expression, let places):
                let values = (0..<rowCount).map { row -> DoubleDouble in
                    expression.value { DoubleDouble(numbers[places[$0]].original[row]) }
                }
                columns.append(try workedOut(values, of: expression))
            case .polynomial(let expression, let places, let basis):
                var values = Array(repeating: [DoubleDouble](), count: basis.degree)
                for row in 0..<rowCount {
                    let argument: DoubleDouble = expression.value { DoubleDouble(numbers[places[$0]].original[row]) }
                    basis.forEachValue(at: argument) { values[$0].append($1) }
                }
                for values in values { columns.append(try workedOut(values, of: expression)) }
            }
        }
        return columns
    }

    private static func power(_ exponent: Int, of number: Int, _ scaled: ScaledColumn) -> BasisColumn {
        let scale = scaled.exponent * exponent
        if formedPowers.contains(exponent) {
            return BasisColumn(values: .power(number: number, exponent: exponent), exponent: scale)
        }
        let powers = scaled.values.indices.map { DoubleDouble(scaled.scaled($0)).raised(to: exponent) }
        return BasisColumn(values: .workedOut(high: powers.map(\.high), low: powers.map(\.low)), exponent: scale)
    }

    private static func workedOut(_ values: [DoubleDouble], of expression: Expression) throws(FitRefusal) -> BasisColumn
    {
        if let row = values.firstIndex(where: { !$0.high.isFinite }) {
            throw .notFinite(column: expression.columns.joined(separator: ", "), row: row + 1, value: values[row].high)
        }
        let largest = values.reduce(0) { max($0, abs($1.high)) }
        let exponent = largest > 0 ? Int(largest.exponent) : 0
        return BasisColumn(
            values: .workedOut(
                high: values.map { $0.high.scaled(byPowerOfTwo: -exponent) },
                low: values.map { $0.low.scaled(byPowerOfTwo: -exponent) }),
            exponent: exponent)
    }
}
