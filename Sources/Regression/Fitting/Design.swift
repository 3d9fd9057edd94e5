/// The rows of a table as the rows of a design matrix, with every column scaled by a power of two.
///
/// The scaling is exact, keeps every product in range, and makes the fit blind to the units of the data. Rows are
/// formed a block at a time (`DesignBlock`), so that a long table costs a second copy in double-double only of what is
/// worked out.
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
    let numbers: [ScaledColumn]
    /// For each factor the place of each row's level.
    let codes: [[Int32]]
    /// By the places of the layout's basis functions.
    let basis: [BasisColumn]
    let families: DesignFamilies

    init(_ formula: Formula, row: RowColumns, table: Table) throws(FitRefusal) {
        guard table.rowCount > 0 else { throw .noRows }
        response = try ScaledColumn(formula.response, of: table)
        responseShift = formula.hasIntercept ? response.scaled(0) : 0
        numbers = try row.numbers.map { name throws(FitRefusal) in
            formula.numbers.contains(name) ? try ScaledColumn(name, of: table) : ScaledColumn.unread
        }
        var levels: [String: [String]] = [:]
        var codes: [[Int32]] = []
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
        basis = try BasisColumn.columns(of: layout, numbers, rowCount: rowCount)
        families = DesignFamilies(layout)
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

    var hasIntercept: Bool { layout.columns.first?.isIntercept == true }

    /// Column `column` of the table's own design is that of the scaled one times 2 to this power.
    func exponent(of column: Int) -> Int { layout.columns[column].basis.reduce(0) { $0 + basis[$1].exponent } }
}

/// A column of finite numbers divided by a power of two, so that the largest magnitude is at least 1 and below 2.
struct ScaledColumn {
    let original: [Double]
    /// Times `factor` they are the scaled numbers: formed where they are used, as a copy of a long column costs more.
    let values: [Double]
    let factor: Double
    let exponent: Int

    init(_ name: String, of table: Table) throws(FitRefusal) {
        try self.init(try Self.numbers(name, of: table), name: name)
    }

    init(_ response: Response, of table: Table) throws(FitRefusal) {
        let numbers = try Self.numbers(response.column, of: table)
        let values = response.isPlain ? numbers : numbers.map { Double(response.transformed($0) as DoubleDouble) }
        try self.init(values, name: response.name)
    }

    @inline(__always)
    func scaled(_ row: Int) -> Double { values[row] * factor }

    /// Stands for a column that the formula does not read.
    static let unread = ScaledColumn()

    private init() { (original, values, factor, exponent) = ([], [], 1, 0) }

    private init(_ numbers: [Double], name: String) throws(FitRefusal) {
        // As bits, sizes are in the order of the numbers, and what is not finite is above them all.
        var largestBits: UInt64 = 0
        for number in numbers { largestBits = max(largestBits, number.magnitude.bitPattern) }
        let largest = Double(bitPattern: largestBits)
        if !largest.isFinite, let row = numbers.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(column: name, row: row + 1, value: numbers[row])
        }
        exponent = largest == 0 ? 0 : Int(largest.exponent)
        original = numbers
        // Beyond that the power itself is out of range.
        let isExtreme = abs(exponent) >= 1000
        factor = isExtreme ? 1 : 1.0.scaled(byPowerOfTwo: -exponent)
        values = isExtreme ? numbers.map { [exponent] in $0.scaled(byPowerOfTwo: -exponent) } : numbers
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
    let codes: [Int32]

    init(_ factor: Atom.Factor, of table: Table) throws(FitRefusal) {
        let column = try Self.column(factor, of: table)
        var spelling: [String: String] = [:]
        for level in column.usedNames {
            guard let known = spelling[level] else {
                spelling[level] = level
                continue
            }
            if level.precedesInByteOrder(known) { spelling[level] = level }
        }
        levels = spelling.values.sorted { factor.precedes($0, $1) }
        guard levels.count > 1 else { throw .singleLevel(factor: factor.column, level: levels[0]) }
        let place = Dictionary(uniqueKeysWithValues: zip(levels, levels.indices))
        // A name that no row has needs no place.
        let places = column.names.map { Int32(place[$0] ?? 0) }
        codes = places == Array(0..<Int32(places.count)) ? column.codes : column.codes.map { places[Int($0)] }
    }

    private static func column(_ factor: Atom.Factor, of table: Table) throws(FitRefusal) -> FactorColumn {
        if factor.isOfNumbers {
            guard let column = table.numbers[factor.column] else {
                throw .unknownNumbers(column: factor.column, known: table.numbers.keys.sorted())
            }
            return FactorColumn(column)
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
