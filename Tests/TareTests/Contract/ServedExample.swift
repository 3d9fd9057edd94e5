import Documents
import Foundation
import ModelService
import Regression
import Specification

@testable import Program
@testable import Tare

/// Regressions of other kinds than the fish: what is said of a served model must hold of each.
enum ServedExample: String, CaseIterable, CustomStringConvertible {
    case fish
    /// No factor; errors in the response's own unit, as there are negative ones.
    case balance
    /// Two factors, means of a transformed response, errors in sigma, and names as only R or a CSV can have them.
    case oddNames

    var description: String { rawValue }

    var model: ModelVersion {
        get throws {
            switch self {
            case .fish: try ModelVersion.read(nil)
            case .balance: try Self.model(of: Self.balances, formula: "balance ~ income + poly(age, 2)")
            case .oddNames:
                try Self.model(
                    of: Self.oddRows,
                    formula:
                        #"log(`Größe/Stück`) ~ `Petal.Length` + `Höhe über NN` * `stack.loss` + `$type` + `a "b" & c`"#,
                    identifier: "no.", timestamp: "time.stamp", errorMeasure: .sigma, estimate: .mean)
            }
        }
    }

    private static func model(
        of rows: [JSON], formula: String, identifier: String? = nil, timestamp: String? = nil,
        errorMeasure: ModelSpecification.ErrorMeasure? = nil, estimate: ModelSpecification.EstimateKind = .median
    ) throws -> ModelVersion {
        let file = try RowsFile(name: "rows", bytes: JSON.array(rows).bytes)
        var derived = DerivedSpecification(file: file, formula: formula)
        derived.identifier = identifier
        derived.timestamp = timestamp
        derived.errorMeasure = errorMeasure
        derived.estimate = estimate
        let specification = try derived.specification()
        return try ModelVersion(
            fitting: TrainingRows(file.rows(specification), specification: specification),
            time: Timestamp(milliseconds: 1_622_620_132_137), parent: nil, trigger: .null)
    }

    private static let balances: [JSON] = (0..<60).map { number in
        let (income, age) = (1000 + Double(number * 37 % 101), 20 + Double(number * 7 % 45))
        let wave = Double(number * 53 % 17) / 17 - 0.5
        return [
            "id": .string("\(number)"), "income": .number(income), "age": .number(age),
            "balance": .number(0.5 * income - 12 * age - 200 + 20 * wave),
        ]
    }

    static let oddRows: [JSON] = (0..<90).map { number in
        let (length, height) = (1 + Double(number * 7 % 23) / 4, 100 + Double(number * 37 % 101))
        let (loss, type) = (["north & south", "süd", "a.b"][number % 3], ["$x", "y"][number / 3 % 2])
        let wave = Double(number * 53 % 17) / 17 - 0.5
        let logarithm = 1 + 0.2 * length + 0.002 * height * Double(1 + number % 3) + 0.1 * wave
        return [
            "no.": .string("\(number)"), "Petal.Length": .number(length), "Höhe über NN": .number(height),
            "stack.loss": .string(loss), "$type": .string(type), #"a "b" & c"#: .number(Double(number * 5 % 11)),
            "Größe/Stück": .number(exp(logarithm)),
            "time.stamp": .string("\(Timestamp(milliseconds: 1_622_000_000_000 + Int64(number) * 1000))"),
        ]
    }
}
