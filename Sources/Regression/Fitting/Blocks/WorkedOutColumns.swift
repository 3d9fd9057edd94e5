/// The basis functions of all rows that are more than a low power of a number, each worked out once in double-double and
/// divided by a power of two.
struct WorkedOutColumns {
    struct Column {
        var high: [Double] = []
        var low: [Double] = []

        fileprivate mutating func append(_ value: DoubleDouble) {
            high.append(value.high)
            low.append(value.low)
        }

        fileprivate mutating func scale(byPowerOfTwo exponent: Int) {
            for row in high.indices {
                high[row] = high[row].scaled(byPowerOfTwo: exponent)
                low[row] = low[row].scaled(byPowerOfTwo: exponent)
            }
        }
    }

    /// The powers that a block forms by itself.
    static let formedPowers = 1...4

    /// By the places of the basis functions; those that are not here are powers of numbers.
    private(set) var columns: [Int: Column] = [:]
    /// The powers of two by which the basis functions are divided.
    private(set) var exponents: [Int] = []

    /// A power takes the scale of its column; of what else is worked out, the largest value decides.
    init(of layout: DesignLayout, _ numbers: [ScaledColumn], rowCount: Int) throws(FitRefusal) {
        for source in layout.sources {
            switch source {
            case .power(let number, let exponent):
                let scaled = numbers[number]
                if !Self.formedPowers.contains(exponent) {
                    var column = Column()
                    for value in scaled.values { column.append(DoubleDouble(value).raised(to: exponent)) }
                    columns[exponents.count] = column
                }
                exponents.append(scaled.exponent * exponent)
            case .expression(let expression, let places):
                var column = Column()
                for row in 0..<rowCount {
                    column.append(expression.value { DoubleDouble(numbers[places[$0]].original[row]) })
                }
                try add(column, of: expression)
            case .polynomial(let expression, let places, let basis):
                var formed = Array(repeating: Column(), count: basis.degree)
                for row in 0..<rowCount {
                    let argument: DoubleDouble = expression.value { DoubleDouble(numbers[places[$0]].original[row]) }
                    basis.forEachValue(at: argument) { formed[$0].append($1) }
                }
                for column in formed { try add(column, of: expression) }
            }
        }
    }

    private mutating func add(_ column: Column, of expression: Expression) throws(FitRefusal) {
        if let row = column.high.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(
                column: expression.columns.joined(separator: ", "), row: row + 1, value: column.high[row])
        }
        let largest = column.high.reduce(0) { max($0, abs($1)) }
        let exponent = largest > 0 ? Int(largest.exponent) : 0
        var column = column
        if exponent != 0 { column.scale(byPowerOfTwo: -exponent) }
        columns[exponents.count] = column
        exponents.append(exponent)
    }
}
