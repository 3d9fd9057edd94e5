import ModelService
import Program
import Regression
import Specification

/// PMML 4.4 (Data Mining Group): a `RegressionModel`, or where there are factors a `MiningModel` that chooses one by which of
/// the row's levels the model has seen. Columns that are more than a number or a level are `DerivedField`s.
struct PMMLExport {
    private let model: ModelExport

    init(_ model: ModelExport) { self.model = model }

    var text: String {
        XMLElement(
            "PMML", ["xmlns": "http://www.dmg.org/PMML-4_4", "version": "4.4"],
            [
                XMLElement(
                    "Header", ["description": "\(model.version.model.formula), version \(model.version.version)"],
                    [XMLElement("Application", ["name": "Tare", "version": Release.version])]),
                dictionary,
            ] + (derived.isEmpty ? [] : [XMLElement("TransformationDictionary", [:], derived)]) + [regression]
        ).document
    }

    // MARK: - Fields

    private var formula: Formula { model.version.model.formula }
    /// The scale of the fit, which is what PMML's model predicts.
    private var target: String { model.response.name }
    private var output: String { "predicted_\(model.response.column)" }

    private var dictionary: XMLElement {
        let fields =
            [field(target, "continuous", "double")] + formula.numbers.map { field($0, "continuous", "double") }
            + formula.factors.map { field($0, "categorical", "string") }
        return XMLElement("DataDictionary", ["numberOfFields": "\(fields.count)"], fields)
    }

    private func field(_ name: String, _ kind: String, _ type: String) -> XMLElement {
        XMLElement("DataField", ["name": name, "optype": kind, "dataType": type])
    }

    private var schema: XMLElement {
        XMLElement(
            "MiningSchema", [:],
            [XMLElement("MiningField", ["name": target, "usageType": "target"])]
                + (formula.numbers + formula.factors).map {
                    XMLElement("MiningField", ["name": $0, "usageType": "active", "invalidValueTreatment": "asIs"])
                })
    }

    /// Columns by name: the same one stands in several fits.
    private var derived: [XMLElement] {
        var known: Set<String> = []
        return model.variants.flatMap(\.columns).compactMap { column in
            guard needsField(column), known.insert(column.name).inserted else { return nil }
            let value = column.number.map(expression) ?? constant(1)
            return XMLElement(
                "DerivedField", ["name": fieldName(column), "optype": "continuous", "dataType": "double"],
                [column.levels.isEmpty ? value : choice(all(column.levels), value, constant(0))])
        }
    }

    /// Unlike a column of the data, for which R's names are free.
    private func fieldName(_ column: ExportedFit.Column) -> String { "column \(column.name)" }

    private func needsField(_ column: ExportedFit.Column) -> Bool {
        if column.isIntercept { return false }
        if case .column? = column.number, column.levels.isEmpty { return false }
        return column.number != nil || column.levels.count != 1 || column.levels[0].number != nil
    }

    // MARK: - Models

    private var outputs: XMLElement {
        let back = model.response.arithmetic(of: .column("fit"))
        return XMLElement(
            "Output", [:],
            [
                XMLElement(
                    "OutputField",
                    ["name": "fit", "optype": "continuous", "dataType": "double", "feature": "predictedValue"]),
                XMLElement(
                    "OutputField",
                    ["name": output, "optype": "continuous", "dataType": "double", "feature": "transformedValue"],
                    [expression(back)]),
            ])
    }

    private var regression: XMLElement {
        guard !model.factors.isEmpty else { return regression(model.variants[0].columns, [schema, outputs]) }
        // Some evaluators take the outputs of the whole, some those of the segment that was chosen.
        let segments = model.variants.enumerated().map { place, variant in
            XMLElement(
                "Segment", ["id": "\(place + 1)"],
                [predicate(variant), regression(variant.columns, [schema, outputs])])
        }
        return XMLElement(
            "MiningModel", ["functionName": "regression"],
            [schema, outputs, XMLElement("Segmentation", ["multipleModelMethod": "selectFirst"], segments)])
    }

    private func regression(_ columns: [ExportedFit.Column], _ head: [XMLElement]) -> XMLElement {
        let intercept = columns.filter(\.isIntercept).reduce(0) { $0 + $1.coefficient }
        // PMML has the numeric predictors before the categorical ones.
        let numeric = columns.filter { !$0.isIntercept && ($0.levels.isEmpty || needsField($0)) }
        let categorical = columns.filter { !$0.levels.isEmpty && !needsField($0) }
        let predictors =
            numeric.map { column in
                XMLElement(
                    "NumericPredictor", ["name": source(column), "coefficient": column.coefficient.description])
            }
            + categorical.map { column in
                XMLElement(
                    "CategoricalPredictor",
                    [
                        "name": column.levels[0].column, "value": column.levels[0].name,
                        "coefficient": column.coefficient.description,
                    ])
            }
        return XMLElement(
            "RegressionModel", ["functionName": "regression"],
            head + [XMLElement("RegressionTable", ["intercept": intercept.description], predictors)])
    }

    private func source(_ column: ExportedFit.Column) -> String {
        if !needsField(column), case .column(let name)? = column.number { return name }
        return fieldName(column)
    }

    private func predicate(_ variant: ModelExport.Variant) -> XMLElement {
        let predicates = model.factors.map { factor in
            let isSeen = !variant.unseen.contains(factor.column)
            let each = factor.levels.map { level in
                XMLElement(
                    "SimplePredicate",
                    ["field": level.column, "operator": isSeen ? "equal" : "notEqual", "value": level.name])
            }
            return compound(each, isSeen ? "or" : "and")
        }
        return compound(predicates, "and")
    }

    private func compound(_ predicates: [XMLElement], _ sign: String) -> XMLElement {
        predicates.count == 1
            ? predicates[0] : XMLElement("CompoundPredicate", ["booleanOperator": sign], predicates)
    }

    // MARK: - Expressions

    private func constant(_ value: Double) -> XMLElement {
        XMLElement("Constant", ["dataType": "double"], content: value.description)
    }

    private func apply(_ function: String, _ operands: [XMLElement]) -> XMLElement {
        XMLElement("Apply", ["function": function], operands)
    }

    private func choice(_ condition: XMLElement, _ first: XMLElement, _ second: XMLElement) -> XMLElement {
        apply("if", [condition, first, second])
    }

    private func all(_ levels: [ExportedFit.Level]) -> XMLElement {
        let conditions = levels.map { level in
            apply(
                "equal",
                [
                    XMLElement("FieldRef", ["field": level.column]),
                    level.number.map(constant) ?? XMLElement("Constant", ["dataType": "string"], content: level.name),
                ])
        }
        return conditions.dropFirst().reduce(conditions[0]) { apply("and", [$0, $1]) }
    }

    private func expression(_ arithmetic: Arithmetic) -> XMLElement {
        switch arithmetic {
        case .number(let value): constant(value)
        case .column(let name): XMLElement("FieldRef", ["field": name])
        case .negative(let operand): apply("-", [constant(0), expression(operand)])
        case .sum(let left, let right): apply("+", [expression(left), expression(right)])
        case .difference(let left, let right): apply("-", [expression(left), expression(right)])
        case .product(let left, let right): apply("*", [expression(left), expression(right)])
        case .quotient(let left, let right): apply("/", [expression(left), expression(right)])
        case .power(let base, let exponent): apply("pow", [expression(base), expression(exponent)])
        case .function(let function, let operand): apply(function, expression(operand))
        case .ifPositive(let condition, let first, let second):
            choice(
                apply("greaterThan", [expression(condition), constant(0)]), expression(first), expression(second))
        }
    }

    private func apply(_ function: Arithmetic.Function, _ operand: XMLElement) -> XMLElement {
        switch function {
        case .log: apply("ln", [operand])
        case .log2: apply("/", [apply("ln", [operand]), apply("ln", [constant(2)])])
        case .log1p: apply("ln1p", [operand])
        case .log10, .exp, .expm1, .sqrt, .abs: apply(function.rawValue, [operand])
        }
    }
}
