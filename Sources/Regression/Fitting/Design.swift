/// The rows of a table as the rows of a design matrix, with every column scaled by a power of two.
///
/// The scaling is exact, keeps every product in range, and makes the fit blind to the units of the data. Rows are
/// formed when they are asked for, so that a long table costs no second copy in double-double.
struct Design {
    let layout: DesignLayout
    /// The levels of each of the formula's factors, in byte order.
    let levels: [[String]]
    let rowCount: Int
    let response: ScaledColumn
    /// What is taken from the scaled response before the fit and given back to the intercept after it. A response that
    /// does not vary becomes exactly zero, and a large offset costs no digits.
    let responseShift: Double
    private let variables: [ScaledColumn]
    /// For each factor the place of each row's level.
    private let codes: [[Int]]

    init(_ formula: Formula, table: Table) throws(FitRefusal) {
        try formula.check()
        guard table.rowCount > 0 else { throw .noRows }
        response = try ScaledColumn(formula.response, of: table)
        responseShift = formula.hasIntercept ? response.values[0] : 0
        var variables: [ScaledColumn] = []
        for name in formula.variables { variables.append(try ScaledColumn(name, of: table)) }
        var levels: [[String]] = []
        var codes: [[Int]] = []
        for name in formula.factors {
            let column = try CodedColumn(name, of: table)
            levels.append(column.levels)
            codes.append(column.codes)
        }
        self.variables = variables
        self.levels = levels
        self.codes = codes
        rowCount = table.rowCount
        layout = DesignLayout(formula, levels: levels)
        guard layout.columns.count <= Formula.columnsMax else { throw .tooManyColumns(layout.columns.count) }
        if let name = layout.repeatedName { throw .repeatedColumn(name) }
    }

    /// Column `column` of the table's own design is that of the scaled one times 2 to this power.
    func exponent(of column: Int) -> Int {
        switch layout.columns[column] {
        case .intercept, .indicator: 0
        case .power(let variable, let exponent): variables[variable].exponent * exponent
        }
    }

    /// Writes a row of the scaled design into `cells`, which has a place for every column.
    func fill(_ cells: inout [DoubleDouble], row: Int) {
        for (place, column) in layout.columns.enumerated() {
            switch column {
            case .intercept:
                cells[place] = .one
            case .power(let variable, let exponent):
                let factor = DoubleDouble(variables[variable].values[row])
                var power = factor
                for _ in 1..<exponent { power *= factor }
                cells[place] = power
            case .indicator(let factor, let level):
                cells[place] = codes[factor][row] == level ? .one : .zero
            }
        }
    }

    /// The scaled response of a row less `responseShift`: exact.
    func shiftedResponse(row: Int) -> DoubleDouble {
        .sum(response.values[row], -responseShift)
    }
}

/// A column of finite numbers divided by a power of two, so that the largest magnitude is at least 1 and below 2.
struct ScaledColumn {
    let values: [Double]
    let exponent: Int

    init(_ name: String, of table: Table) throws(FitRefusal) {
        guard let numbers = table.numbers[name] else {
            throw .unknownNumbers(column: name, known: table.numbers.keys.sorted())
        }
        if let row = numbers.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(column: name, row: row + 1, value: numbers[row])
        }
        let largest = numbers.reduce(0) { max($0, abs($1)) }
        let exponent = largest == 0 ? 0 : Int(largest.exponent)
        values = numbers.map { $0.scaled(byPowerOfTwo: -exponent) }
        self.exponent = exponent
    }
}

/// A column of levels as places in the ordered list of its distinct levels.
///
/// Two spellings that Unicode holds to be the same text are one level, named by the first of them in byte order.
private struct CodedColumn {
    let levels: [String]
    let codes: [Int]

    init(_ name: String, of table: Table) throws(FitRefusal) {
        guard let column = table.levels[name] else {
            throw .unknownLevels(column: name, known: table.levels.keys.sorted())
        }
        var spelling: [String: String] = [:]
        for level in column {
            guard let known = spelling[level] else {
                spelling[level] = level
                continue
            }
            if level.precedesInByteOrder(known) { spelling[level] = level }
        }
        levels = spelling.values.sorted { $0.precedesInByteOrder($1) }
        guard levels.count > 1 else { throw .singleLevel(factor: name, level: levels[0]) }
        let place = Dictionary(uniqueKeysWithValues: zip(levels, levels.indices))
        codes = column.map { place[$0]! }
    }
}

extension String {
    /// The order of the UTF-8 bytes, which is that of the code points and R's in the C locale.
    func precedesInByteOrder(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
