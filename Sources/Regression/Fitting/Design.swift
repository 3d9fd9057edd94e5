/// The rows of a table as the rows of a design matrix, with every column scaled by a power of two.
///
/// The scaling is exact, keeps every product in range, and makes the fit blind to the units of the data. Rows are
/// formed when they are asked for, so that a long table costs no second copy in double-double.
struct Design {
    let layout: DesignLayout
    /// The levels of each factor of the formula by its atom's name.
    let levels: [String: [String]]
    /// The bases of its orthogonal polynomials by their atoms' names.
    let polynomials: [String: PolynomialBasis]
    let rowCount: Int
    let response: ScaledColumn
    /// What is taken from the scaled response before the fit and given back to the intercept after it. A response that
    /// does not vary becomes exactly zero, and a large offset costs no digits.
    let responseShift: Double
    private let numbers: [ScaledColumn]
    /// For each factor the place of each row's level.
    private let codes: [[Int]]
    /// The powers of two by which the basis functions are divided.
    private let exponents: [Int]

    init(_ formula: Formula, row: RowColumns, table: Table) throws(FitRefusal) {
        guard table.rowCount > 0 else { throw .noRows }
        response = try ScaledColumn(formula.response, of: table)
        responseShift = formula.hasIntercept ? response.values[0] : 0
        numbers = try row.numbers.map { name throws(FitRefusal) in
            formula.numbers.contains(name) ? try ScaledColumn(name, of: table) : ScaledColumn.unread
        }
        var levels: [String: [String]] = [:]
        var codes: [[Int]] = []
        for atom in formula.atoms {
            guard let factor = atom.factor else { continue }
            let column = try CodedColumn(factor, of: table)
            levels[atom.name] = column.levels
            codes.append(column.codes)
        }
        polynomials = try Self.polynomials(formula, table)
        self.levels = levels
        self.codes = codes
        rowCount = table.rowCount
        layout = DesignLayout(formula, row: row, levels: levels, polynomials: polynomials)
        guard layout.columns.count <= Formula.columnsMax else { throw .tooManyColumns(layout.columns.count) }
        if let name = layout.repeatedName { throw .repeatedColumn(name) }
        exponents = try Self.exponents(of: layout, formula, numbers, rowCount: rowCount)
    }

    private static func polynomials(
        _ formula: Formula, _ table: Table
    ) throws(FitRefusal) -> [String: PolynomialBasis] {
        var bases: [String: PolynomialBasis] = [:]
        for atom in formula.atoms {
            guard let polynomial = atom.orthogonalPolynomial else { continue }
            let columns = try polynomial.argument.columns.map { name throws(FitRefusal) in
                try ScaledColumn(name, of: table).original
            }
            var values: [DoubleDouble] = []
            for row in 0..<table.rowCount {
                let value: DoubleDouble = polynomial.argument.value { DoubleDouble(columns[$0][row]) }
                guard value.high.isFinite else {
                    throw .notFinite(column: atom.name, row: row + 1, value: value.high)
                }
                values.append(value)
            }
            guard let basis = PolynomialBasis(of: values, degree: polynomial.degree) else {
                throw .tooFewValues(atom.name, degree: polynomial.degree)
            }
            bases[atom.name] = basis
        }
        return bases
    }

    /// A power takes the scale of its column; of what else is worked out, the largest value decides.
    private static func exponents(
        of layout: DesignLayout, _ formula: Formula, _ numbers: [ScaledColumn], rowCount: Int
    ) throws(FitRefusal) -> [Int] {
        var exponents = Array(repeating: 0, count: layout.basisCount)
        var isWorkedOut = Array(repeating: false, count: layout.basisCount)
        var (place, origin) = (0, Array(repeating: "", count: layout.basisCount))
        for source in layout.sources {
            switch source {
            case .power(let number, let exponent): exponents[place] = numbers[number].exponent * exponent
            case .expression(let expression, _), .polynomial(let expression, _, _):
                for offset in 0..<source.count {
                    isWorkedOut[place + offset] = true
                    origin[place + offset] = expression.columns.joined(separator: ", ")
                }
            }
            place += source.count
        }
        guard isWorkedOut.contains(true) else { return exponents }
        var largest = Array(repeating: 0.0, count: layout.basisCount)
        var values = Array(repeating: DoubleDouble.zero, count: layout.basisCount)
        for row in 0..<rowCount {
            layout.fillBasis(
                &values, base: { _ in .zero }, number: { DoubleDouble(numbers[$0].original[row]) })
            for place in values.indices where isWorkedOut[place] {
                guard values[place].high.isFinite else {
                    throw .notFinite(column: origin[place], row: row + 1, value: values[place].high)
                }
                largest[place] = max(largest[place], abs(values[place].high))
            }
        }
        for place in exponents.indices where isWorkedOut[place] && largest[place] > 0 {
            exponents[place] = Int(largest[place].exponent)
        }
        return exponents
    }

    /// Column `column` of the table's own design is that of the scaled one times 2 to this power.
    func exponent(of column: Int) -> Int { layout.columns[column].basis.reduce(0) { $0 + exponents[$1] } }

    /// Room for the basis functions of a row.
    var emptyBasis: [DoubleDouble] { Array(repeating: .zero, count: layout.basisCount) }
    /// Room for the places of a row's levels.
    var emptyCodes: [Int] { Array(repeating: 0, count: codes.count) }

    /// Writes a row of the scaled design into `cells`, which has a place for every column.
    func fill(_ cells: inout [DoubleDouble], _ basis: inout [DoubleDouble], _ rowCodes: inout [Int], row: Int) {
        layout.fillBasis(
            &basis, base: { DoubleDouble(numbers[$0].values[row]) },
            number: { DoubleDouble(numbers[$0].original[row]) })
        var place = 0
        for source in layout.sources {
            if case .power = source {
            } else {
                for offset in place..<place + source.count {
                    basis[offset] = basis[offset].scaled(byPowerOfTwo: -exponents[offset])
                }
            }
            place += source.count
        }
        for factor in codes.indices { rowCodes[factor] = codes[factor][row] }
        for column in layout.columns.indices { cells[column] = layout.cell(column, basis: basis, codes: rowCodes) }
    }

    /// The scaled response of a row less `responseShift`: exact.
    func shiftedResponse(row: Int) -> DoubleDouble {
        .sum(response.values[row], -responseShift)
    }
}

/// A column of finite numbers divided by a power of two, so that the largest magnitude is at least 1 and below 2.
struct ScaledColumn {
    let original: [Double]
    let values: [Double]
    let exponent: Int

    init(_ name: String, of table: Table) throws(FitRefusal) {
        try self.init(try Self.numbers(name, of: table), name: name)
    }

    init(_ response: Response, of table: Table) throws(FitRefusal) {
        let numbers = try Self.numbers(response.column, of: table)
        let values = response.isPlain ? numbers : numbers.map { Double(response.transformed($0) as DoubleDouble) }
        try self.init(values, name: response.name)
    }

    /// Stands for a column that the formula does not read.
    static let unread = ScaledColumn()

    private init() { (original, values, exponent) = ([], [], 0) }

    private init(_ numbers: [Double], name: String) throws(FitRefusal) {
        if let row = numbers.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(column: name, row: row + 1, value: numbers[row])
        }
        let largest = numbers.reduce(0) { max($0, abs($1)) }
        let exponent = largest == 0 ? 0 : Int(largest.exponent)
        original = numbers
        values = numbers.map { $0.scaled(byPowerOfTwo: -exponent) }
        self.exponent = exponent
    }

    private static func numbers(_ name: String, of table: Table) throws(FitRefusal) -> [Double] {
        guard let numbers = table.numbers[name] else {
            throw .unknownNumbers(column: name, known: table.numbers.keys.sorted())
        }
        return numbers
    }
}

/// A column of levels as places in the ordered list of its distinct levels.
///
/// Two spellings that Unicode holds to be the same text are one level, named by the first of them in byte order.
private struct CodedColumn {
    let levels: [String]
    let codes: [Int]

    init(_ factor: Atom.Factor, of table: Table) throws(FitRefusal) {
        let column = try Self.texts(factor, of: table)
        var spelling: [String: String] = [:]
        for level in column {
            guard let known = spelling[level] else {
                spelling[level] = level
                continue
            }
            if level.precedesInByteOrder(known) { spelling[level] = level }
        }
        levels = spelling.values.sorted { factor.precedes($0, $1) }
        guard levels.count > 1 else { throw .singleLevel(factor: factor.column, level: levels[0]) }
        let place = Dictionary(uniqueKeysWithValues: zip(levels, levels.indices))
        codes = column.map { place[$0]! }
    }

    private static func texts(_ factor: Atom.Factor, of table: Table) throws(FitRefusal) -> [String] {
        if factor.isOfNumbers {
            guard let column = table.numbers[factor.column] else {
                throw .unknownNumbers(column: factor.column, known: table.numbers.keys.sorted())
            }
            return column.map(\.textOfR)
        }
        guard let column = table.levels[factor.column] else {
            throw .unknownLevels(column: factor.column, known: table.levels.keys.sorted())
        }
        return column
    }
}

extension String {
    /// The order of the UTF-8 bytes, which is that of the code points and R's in the C locale.
    func precedesInByteOrder(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
