package import Documents
import Regression

/// How a specification stands in a model's document.
extension ModelSpecification {
    package var document: JSON {
        [
            "subject": .string(subject),
            "formula": .string(formula.description),
            "errorMeasure": .string(errorMeasure.rawValue),
            "estimate": .string(estimate.rawValue),
            "response": .object(
                [
                    .init("name", .string(response.name)), .init("field", .string(response.field)),
                    .init("actualField", .string(response.actualField)),
                    .init("predictedField", .string(response.predictedField)),
                    .init("actualAliases", .array(response.actualAliases.map { .string($0) })),
                    .init("predictedAliases", .array(response.predictedAliases.map { .string($0) })),
                ] + response.bounds.members),
            "predictors": .array(
                predictors.map { predictor in
                    .object(
                        [.init("name", .string(predictor.name)), .init("field", .string(predictor.field))]
                            + JSON.Member.aliases(predictor.aliases)
                            + (predictor.unit.isEmpty ? [] : [.init("unit", .string(predictor.unit))])
                            + predictor.bounds.members)
                }),
            "factor": factor?.document ?? .null,
            "otherFactors": .array(otherFactors.map(\.document)),
            "fields": [
                "identifier": .string(fields.identifier), "timestamp": .string(fields.timestamp),
                "error": .string(fields.error), "modelTime": .string(fields.modelTime),
                "unseenLevel": JSON(fields.unseenLevel), "similarLevel": .string(fields.similarLevel),
            ],
        ]
    }

    /// Documents from before the formula was kept stand for the response by the predictors and the factor.
    package convenience init(document: JSON) throws(ModelDocumentError) {
        let reader = DocumentReader(document, of: "specification")
        let fields = try reader.object("fields")
        let response = try Response(reader.object("response"))
        var predictors: [Predictor] = []
        for element in try reader.array("predictors") {
            predictors.append(try Predictor(DocumentReader(element, of: "specification.predictors")))
        }
        let factor = try reader.optionalMember("factor") == .null ? nil : Factor(reader.object("factor"))
        let isOld = reader.optionalMember("formula") == .null
        if isOld, factor == nil { throw reader.mismatch("factor", "an object, or a formula beside it") }
        let field = factor?.field ?? ""
        let names = Fields(
            identifier: try fields.text("identifier"), timestamp: try fields.text("timestamp"),
            error: try fields.text("error"), modelTime: try fields.text("modelTime"),
            unseenLevel: isOld ? "Unseen\(field)" : try fields.optionalText("unseenLevel"),
            similarLevel: isOld ? "Similar\(field)" : try fields.text("similarLevel"))
        var others: [Factor] = []
        for element in try isOld ? [] : reader.array("otherFactors") {
            others.append(try Factor(DocumentReader(element, of: "specification.otherFactors")))
        }
        let factors = (factor.map { [$0] } ?? []) + others
        let text =
            try isOld
            ? Formula.text(response: response.name, columns: predictors.map(\.name) + factors.map(\.name))
            : reader.text("formula")
        self.init(
            subject: try reader.text("subject"), response: response, predictors: predictors, factor: factor,
            otherFactors: others, formula: try Self.formula(text, factors),
            errorMeasure: isOld ? .relative : try reader.oneOf("errorMeasure"), estimate: try Self.estimate(in: reader),
            fields: names)
        guard Set(formula.numbers).isSubset(of: row.numbers), Set(formula.factors).isSubset(of: row.factors),
            formula.response.column == response.name
        else { throw reader.mismatch("formula", "one of the response, the predictors and the factors beside it") }
    }

    /// Documents from before there was a choice do not say it.
    private static func estimate(in reader: DocumentReader) throws(ModelDocumentError) -> EstimateKind {
        reader.optionalMember("estimate") == .null ? .median : try reader.oneOf("estimate")
    }

    private static func formula(_ text: String, _ factors: [Factor]) throws(ModelDocumentError) -> Formula {
        do throws(FormulaError) {
            return try Formula(text, factors: Set(factors.map(\.name)))
        } catch {
            throw ModelDocumentError(description: "specification.formula: \(error)")
        }
    }

    /// The members in which two specifications differ, as they stand in documents: `predictors`, `response`.
    package func differences(from other: ModelSpecification) -> [String] {
        let (own, others) = (document.members ?? [], other.document)
        return own.filter { others[$0.name] != $0.value }.map(\.name)
    }
}

extension Bounds {
    fileprivate var members: [JSON.Member] {
        [
            .init(isMinimumIncluded ? "minimum" : "above", .number(minimum)),
            .init("maximum", .number(maximum)),
        ]
    }

    /// Documents from before there was a lower bound mean 0, and those from before there was an upper one `maximum`.
    fileprivate init(_ reader: DocumentReader, maximum: Double? = nil) throws(ModelDocumentError) {
        let upper =
            if let maximum, reader.optionalMember("maximum") == .null { maximum } else { try reader.number("maximum") }
        if reader.optionalMember("minimum") != .null {
            self = .from(try reader.number("minimum"), upTo: upper)
        } else {
            self = .above(reader.optionalMember("above") == .null ? 0 : try reader.number("above"), upTo: upper)
        }
    }
}

extension ModelSpecification.Response {
    fileprivate init(_ reader: DocumentReader) throws(ModelDocumentError) {
        self.init(
            name: try reader.text("name"), field: try reader.text("field"),
            actualField: try reader.text("actualField"), predictedField: try reader.text("predictedField"),
            actualAliases: try reader.texts("actualAliases"), predictedAliases: try reader.texts("predictedAliases"),
            bounds: try Bounds(reader, maximum: Self.maximumDefault))
    }
}

extension ModelSpecification.Predictor {
    fileprivate init(_ reader: DocumentReader) throws(ModelDocumentError) {
        self.init(
            name: try reader.text("name"), field: try reader.text("field"), aliases: try reader.aliases(),
            unit: reader.optionalMember("unit") == .null ? "" : try reader.text("unit"), bounds: try Bounds(reader))
    }
}

extension ModelSpecification.Factor {
    fileprivate var document: JSON {
        .object(
            [.init("name", .string(name)), .init("field", .string(field))] + JSON.Member.aliases(aliases)
                + [.init("charactersMax", .integer(Int64(charactersMax)))])
    }

    fileprivate init(_ reader: DocumentReader) throws(ModelDocumentError) {
        self.init(
            name: try reader.text("name"), field: try reader.text("field"), aliases: try reader.aliases(),
            charactersMax: try reader.count("charactersMax"))
    }
}

extension JSON.Member {
    fileprivate static func aliases(_ names: [String]) -> [JSON.Member] {
        names.isEmpty ? [] : [.init("aliases", .array(names.map { .string($0) }))]
    }
}

extension DocumentReader {
    fileprivate func aliases() throws(ModelDocumentError) -> [String] {
        optionalMember("aliases") == .null ? [] : try texts("aliases")
    }

    fileprivate func oneOf<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String
    ) throws(ModelDocumentError) -> Choice {
        guard let choice = Choice(rawValue: try text(name)) else {
            throw mismatch(name, Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or "))
        }
        return choice
    }
}
