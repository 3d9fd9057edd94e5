import Documents
import Regression

/// A language in which a model is one expression.
protocol ExpressionExport {
    var model: ModelExport { get }
    init(_ model: ModelExport)

    static func name(_ column: String) -> String
    static func number(_ value: Double) -> String
    static func power(_ base: String, _ exponent: String) -> String
    static func function(_ function: Arithmetic.Function, _ argument: String) -> String
    static func choice(_ condition: String, _ first: String, _ second: String) -> String
    /// 1 where all hold, else 0.
    static func indicator(_ levels: [ExportedFit.Level]) -> String
    static func condition(_ factor: ExportedFit.Factor, isSeen: Bool) -> String
    static var and: String { get }
    /// No number.
    static var nothing: String { get }
}

extension ExpressionExport {
    /// More terms than this are summed in groups, as parsers bound the depth of an expression.
    private static var groupSize: Int { 50 }

    var text: String {
        // The main fit is tried first, so that it stands first.
        let whole = model.variants.reversed().reduce(Self.nothing) { rest, variant in
            let value = Self.text(model.response.arithmetic(of: .column(Self.fit)), fit: Self.sum(variant.columns))
            guard !model.factors.isEmpty else { return value }
            let conditions = model.factors.map { factor in
                Self.condition(factor, isSeen: !variant.unseen.contains(factor.column))
            }
            return Self.choice(conditions.joined(separator: " \(Self.and) "), value, rest)
        }
        return whole + "\n"
    }

    /// What stands for the fit's own number in the response's arithmetic; no column has an empty name.
    private static var fit: String { "" }

    private static func sum(_ columns: [ExportedFit.Column]) -> String {
        var terms = columns.map(term)
        if terms.isEmpty { return number(0) }
        while terms.count > groupSize {
            terms = stride(from: 0, to: terms.count, by: groupSize).map { start in
                "(\(terms[start..<min(start + groupSize, terms.count)].joined(separator: "\n  + ")))"
            }
        }
        return "(\(terms.joined(separator: "\n  + ")))"
    }

    private static func term(_ column: ExportedFit.Column) -> String {
        let factors =
            [number(column.coefficient)] + (column.number.map { [text($0)] } ?? [])
            + (column.levels.isEmpty ? [] : [indicator(column.levels)])
        return factors.joined(separator: " * ")
    }

    static func text(_ arithmetic: Arithmetic) -> String { text(arithmetic, fit: nil) }

    private static func text(_ arithmetic: Arithmetic, fit: String?) -> String {
        func pair(_ left: Arithmetic, _ sign: String, _ right: Arithmetic) -> String {
            "(\(text(left, fit: fit)) \(sign) \(text(right, fit: fit)))"
        }
        return switch arithmetic {
        case .number(let value): number(value)
        case .column(""): fit ?? ""
        case .column(let column): name(column)
        case .negative(let operand): "(-\(text(operand, fit: fit)))"
        case .sum(let left, let right): pair(left, "+", right)
        case .difference(let left, let right): pair(left, "-", right)
        case .product(let left, let right): pair(left, "*", right)
        case .quotient(let left, let right): pair(left, "/", right)
        case .power(let base, let exponent): power(text(base, fit: fit), text(exponent, fit: fit))
        case .function(let kind, let argument): function(kind, text(argument, fit: fit))
        case .ifPositive(let condition, let first, let second):
            choice("\(text(condition, fit: fit)) > \(number(0))", text(first, fit: fit), text(second, fit: fit))
        }
    }

    /// The shortest digits that are read back as the same number; a negative one in parentheses.
    static func digits(_ value: Double) -> String { value < 0 ? "(\(value.description))" : value.description }
}

/// SQL of SQLite (with its mathematical functions) and PostgreSQL: `SELECT <expression> FROM houses`.
struct SQLExport: ExpressionExport {
    let model: ModelExport

    init(_ model: ModelExport) { self.model = model }

    static let and = "AND"
    static let nothing = "NULL"

    /// As a float whatever its type: of two whole numbers the quotient would be whole.
    static func name(_ column: String) -> String { "CAST(\(quoted(column)) AS DOUBLE PRECISION)" }

    private static func quoted(_ column: String) -> String {
        "\"\(column.replacingBytes("\"", with: "\"\""))\""
    }

    static func number(_ value: Double) -> String { digits(value) }

    static func power(_ base: String, _ exponent: String) -> String { "power(\(base), \(exponent))" }

    /// By `ln` and `exp` alone, whose meaning is the same everywhere: `log` is decimal here and natural there.
    static func function(_ function: Arithmetic.Function, _ argument: String) -> String {
        switch function {
        case .log: "ln(\(argument))"
        case .log2: "(ln(\(argument)) / ln(2.0))"
        case .log10: "(ln(\(argument)) / ln(10.0))"
        case .log1p: "ln(1.0 + \(argument))"
        case .expm1: "(exp(\(argument)) - 1.0)"
        case .exp, .sqrt, .abs: "\(function.rawValue)(\(argument))"
        }
    }

    static func choice(_ condition: String, _ first: String, _ second: String) -> String {
        "CASE WHEN \(condition)\nTHEN \(first)\nELSE \(second) END"
    }

    static func indicator(_ levels: [ExportedFit.Level]) -> String {
        let conditions = levels.map { level in "\(operand(level)) = \(value(level))" }
        return "CASE WHEN \(conditions.joined(separator: " AND ")) THEN 1.0 ELSE 0.0 END"
    }

    static func condition(_ factor: ExportedFit.Factor, isSeen: Bool) -> String {
        guard let first = factor.levels.first else { return isSeen ? "1 = 0" : "1 = 1" }
        return "\(operand(first)) \(isSeen ? "IN" : "NOT IN") (\(factor.levels.map(value).joined(separator: ", ")))"
    }

    private static func operand(_ level: ExportedFit.Level) -> String {
        level.number == nil ? quoted(level.column) : name(level.column)
    }

    private static func value(_ level: ExportedFit.Level) -> String {
        level.number.map(number) ?? "'\(level.name.replacingBytes("'", with: "''"))'"
    }
}

/// R: `with(houses, eval(parse("price.R")))`.
struct RExport: ExpressionExport {
    let model: ModelExport

    init(_ model: ModelExport) { self.model = model }

    static let and = "&"
    static let nothing = "NA_real_"

    /// R reads a backslash as the start of an escape in backticks too.
    static func name(_ column: String) -> String { column.quotedForR.replacingBytes("\\", with: "\\\\") }
    static func number(_ value: Double) -> String { digits(value) }
    static func power(_ base: String, _ exponent: String) -> String { "(\(base))^(\(exponent))" }
    static func function(_ function: Arithmetic.Function, _ argument: String) -> String {
        "\(function.rawValue)(\(argument))"
    }

    static func choice(_ condition: String, _ first: String, _ second: String) -> String {
        "ifelse(\(condition),\n\(first),\n\(second))"
    }

    static func indicator(_ levels: [ExportedFit.Level]) -> String {
        "(\(levels.map { "\(name($0.column)) == \(value($0))" }.joined(separator: " & ")))"
    }

    static func condition(_ factor: ExportedFit.Factor, isSeen: Bool) -> String {
        let levels = "c(\(factor.levels.map(value).joined(separator: ", ")))"
        let column = name(factor.column)
        return isSeen ? "\(column) %in% \(levels)" : "!is.na(\(column)) & !(\(column) %in% \(levels))"
    }

    private static func value(_ level: ExportedFit.Level) -> String {
        level.number.map(number)
            ?? "\"\(level.name.replacingBytes("\\", with: "\\\\").replacingBytes("\"", with: "\\\""))\""
    }
}
