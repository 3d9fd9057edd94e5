/// Why no model can be fitted to a table.
package enum FitRefusal: Error, Sendable, Equatable {
    case noRows
    /// Two terms give columns of one name.
    case repeatedColumn(String)
    /// A polynomial needs more different numbers than its degree.
    case tooFewValues(String, degree: Int)
    /// Accepted are tolerances from `LinearModel.toleranceMin` up to but excluding 1.
    case tolerance(Double)
    case unknownNumbers(column: String, known: [String])
    case unknownLevels(column: String, known: [String])
    /// Rows are counted from 1.
    case notFinite(column: String, row: Int, value: Double)
    case singleLevel(factor: String, level: String)
    /// The work grows with the cube of the columns; accepted are `Formula.columnsMax` of them.
    case tooManyColumns(Int)
    /// A result is too large or too small for a double in the units of the data.
    case outOfRange(String)
    /// Every column of the design is zero.
    case nothingToFit
}

extension FitRefusal: CustomStringConvertible {
    /// One sentence for the person who gave the rows.
    package var description: String {
        switch self {
        case .noRows:
            "there are no rows to fit"
        case .repeatedColumn(let name):
            "the formula gives two columns of the name '\(name)'; rename a column or a level"
        case .tooFewValues(let name, let degree):
            "'\(name)' needs more than \(degree) different numbers, and the rows have fewer, or such as lie too close together"
        case .tolerance(let value):
            "the tolerance \(value) is not accepted; it must be at least \(LinearModel.toleranceMin) and below 1"
        case .unknownNumbers(let column, let known):
            "there is no column of numbers '\(column)'; there are: \(Self.list(known))"
        case .unknownLevels(let column, let known):
            "there is no column of levels '\(column)'; there are: \(Self.list(known))"
        case .notFinite(let column, let row, let value):
            "'\(column)' is \(value) in row \(row); every value must be a finite number"
        case .singleLevel(let factor, let level):
            "the factor '\(factor)' has the one level '\(level)' in all rows; it needs two or more levels to be estimated"
        case .tooManyColumns(let count):
            "the formula and the levels give \(count) columns; at most \(Formula.columnsMax) are accepted"
        case .outOfRange(let result):
            "\(result) is outside the range of a double in the units of the data; choose other units"
        case .nothingToFit:
            "every column of the design is zero in all rows, so there is nothing to estimate"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.map { "'\($0)'" }.joined(separator: ", ")
    }
}
