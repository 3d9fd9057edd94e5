import Documents
import ModelService
import Regression
import Specification

/// What the contract says of a specification's variables: the schemas of their values, the parameters of a query, and the
/// members of rows.
struct ContractVariables {
    private let specification: ModelSpecification
    private let typical: TypicalRow
    /// By the names of the variables and of the response.
    private let references: [String: JSON]
    private let schemas: [JSON.Member]

    init(_ specification: ModelSpecification, model: ModelVersion?) {
        self.specification = specification
        typical = TypicalRow(specification, model: model)
        let response = specification.response
        let described =
            specification.predictors.map { ($0.name, Self.schema(of: $0.bounds, unit: $0.unit)) }
            + specification.factors.map { ($0.name, Self.schema(of: $0)) }
            + [(response.name, Self.schema(of: response.bounds, unit: ""))]
        let components = Self.componentNames(described.map(\.0))
        schemas = zip(components, described).map { JSON.Member($0, $1.1) }
        references = Dictionary(
            zip(described.map(\.0), components).map { ($0, .string("#/components/schemas/\($1)")) }
        ) { first, _ in first }
    }

    var values: [String: JSON?] {
        [
            "variableSchemas": .object(schemas + rows), "predictionParameters": .array(parameters),
            "echoedProperties": echoed,
            "observationRequired": .array(observationRequired.map { .string($0) }),
            "observationVariables": .object(
                specification.factors.map { .init($0.field, reference($0.name)) }
                    + specification.predictors.map { .init($0.field, reference($0.name)) }),
            "truthReference": references[specification.response.name],
            "formula": .string(specification.formula.description), "specification": specification.document,
        ]
    }

    private func reference(_ name: String) -> JSON { ["$ref": references[name] ?? .null] }

    /// Names of components may hold letters, digits and `.-_` only (OpenAPI 3.1, Components Object), and makers of clients take a
    /// point for the name of a module: other characters become `_`, and names that this makes the same are told apart by
    /// their places.
    static func componentNames(_ names: [String]) -> [String] {
        let plain = names.map { name in
            "Variable_" + String(name.unicodeScalars.map { $0.isOfComponentName ? Character($0) : "_" })
        }
        return plain.enumerated().map { place, name in
            plain[..<place].contains(name) ? "\(name)-\(place)" : name
        }
    }

    // MARK: Schemas

    private static func schema(of bounds: Bounds, unit: String) -> JSON {
        .object(
            [.init("type", "number")] + (unit.isEmpty ? [] : [.init("description", .string("In \(unit)."))]) + [
                .init(bounds.isMinimumIncluded ? "minimum" : "exclusiveMinimum", JSON(short: bounds.minimum)),
                .init("maximum", JSON(short: bounds.maximum)),
            ])
    }

    private static func schema(of factor: ModelSpecification.Factor) -> JSON {
        [
            "type": "string", "minLength": 1, "maxLength": JSON(factor.charactersMax), "pattern": .string(visible),
        ]
    }

    /// What `ModelSpecification.Factor.admits` takes: no control character, none that changes how others are shown, and no
    /// line's end.
    private static let visible = """
        ^[^\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u180e\\u200b-\\u200f\
        \\u2028-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ufeff\\ufff9-\\ufffb]+$
        """

    // MARK: The query

    /// `interval` and `explain` are options of the query unless a variable has that name.
    private var parameters: [JSON] {
        let numbers = zip(specification.predictors, typical.numbers).map { parameter($0.name, JSON(short: $1)) }
        let levels = zip(specification.factors, typical.levels).map { parameter($0.name, .string($1)) }
        let names = Set(specification.predictors.map(\.name) + specification.factors.map(\.name))
        let options = AnswerOptions.names.filter { !names.contains($0) }
        return numbers + levels + options.map { ["$ref": .string("#/components/parameters/\($0)")] }
    }

    private func parameter(_ name: String, _ example: JSON) -> JSON {
        ["name": .string(name), "in": "query", "required": true, "schema": reference(name), "example": example]
    }

    // MARK: Rows

    /// The component `PredictionRow`: all variables by their names, or all as documents name them. Where the two differ each is
    /// a component of its own, of which makers of clients make a type.
    private var rows: [JSON.Member] {
        let variables = specification.variables
        let names = variables.map(\.name)
        let renamed = variables.filter { $0.name != $0.field && !names.contains($0.field) }
        let byName = variables.map { ($0.name, reference($0.name)) }
        guard !renamed.isEmpty else { return [.init("PredictionRow", row(byName, without: []))] }
        let byField = variables.map { (names.contains($0.field) ? $0.name : $0.field, reference($0.name)) }
        let forms = [
            ("PredictionRowByName", row(byName, without: renamed.map(\.field))),
            ("PredictionRowByField", row(byField, without: renamed.map(\.name))),
        ]
        let either: JSON = [
            "description": "Each variable is given once, by its name or as documents name it.",
            "oneOf": .array(forms.map { ["$ref": .string("#/components/schemas/\($0.0)")] }),
        ]
        return [.init("PredictionRow", either)] + forms.map { JSON.Member($0.0, $0.1) }
    }

    private func row(_ variables: [(name: String, schema: JSON)], without others: [String]) -> JSON {
        let members = variables.map { JSON.Member($0.name, $0.schema) }
        let echoed = (echoed.members ?? []).filter { echo in !members.contains { $0.name == echo.name } }
        return .object(
            [
                .init("type", "object"), .init("required", .array(members.map { .string($0.name) })),
                .init("properties", .object(members + echoed)),
            ] + (others.isEmpty ? [] : [.init("not", ["anyOf": .array(others.map { ["required": [.string($0)]] })])]))
    }

    private var observationRequired: [String] {
        specification.factors.map(\.field) + specification.predictors.map(\.field)
            + [specification.response.actualField, specification.fields.timestamp]
    }

    private var echoed: JSON {
        .object(specification.echoedFields.map { JSON.Member($0, ["description": "Echoed from the row."]) })
    }
}

extension JSON {
    /// A whole number without a fraction where it has none.
    init(short value: Double) {
        self = Int64(exactly: value).map { .integer($0) } ?? JSON(value)
    }
}

extension Unicode.Scalar {
    fileprivate var isOfComponentName: Bool {
        isASCII && (properties.isAlphabetic || ("0"..."9").contains(self) || self == "-" || self == "_")
    }
}
