package import Documents
import Regression
package import Specification

/// The document of a model: what its file holds and `GET /model` shows.
extension ModelVersion {
    private static let format = "tare-model/2"
    /// Of documents from before there was a checksum.
    private static let unsealedFormat = "tare-model/1"

    package var document: JSON {
        Seal.close(
            [
                .init("format", .string(Self.format)),
                .init("version", .string(version)),
                .init("time", .string(time.description)),
                .init("parent", JSON(parent)),
                .init("cause", cause),
                .init("trigger", trigger),
                .init("state", .string(state.rawValue)),
                .init("verdict", verdict),
                .init("specification", specification.document),
                .init("levels", .array(levels.map { .string($0) })),
            ] + otherLevelsMembers + [
                .init("rows", JSON(rows)),
                .init("rowsLeftOut", JSON(rowsLeftOut)),
                .init("rowsHash", .string(rowsHash)),
                .init("newestRow", JSON(newestRow?.description)),
                .init("rowMarks", .string(rowMarks.text)),
            ] + Self.members(of: model) + fallbackMembers)
    }

    private var otherLevelsMembers: [JSON.Member] {
        let levels = zip(specification.otherFactors, otherLevels).map { factor, levels in
            JSON.Member(factor.name, .array(levels.map { .string($0) }))
        }
        return levels.isEmpty ? [] : [.init("otherLevels", .object(levels))]
    }

    /// Of a model whose only factor is the grouping one, `withoutFactor`; of others a list.
    private var fallbackMembers: [JSON.Member] {
        guard !isOfGroupOnly else {
            return [.init("withoutFactor", fallbacks.first.map { .object(Self.members(of: $0.model)) } ?? .null)]
        }
        let fits = fallbacks.map { fallback in
            JSON.object(
                [.init("without", .array(fallback.factors.sorted().map { .string($0) }))]
                    + Self.members(of: fallback.model))
        }
        return [.init("fallbacks", .array(fits))]
    }

    private var isOfGroupOnly: Bool { specification.formula.factorColumns == [specification.factor?.name] }

    /// What a fit adds to the specification, the levels and the number of rows.
    private static func members(of model: LinearModel) -> [JSON.Member] {
        [
            .init("formula", .string(model.formula.description)),
            .init("coefficients", byName(model.coefficients, \.estimate)),
            .init(
                "coefficientsHex",
                .object(model.coefficients.map { JSON.Member($0.name, JSON($0.estimate?.hexText)) })),
            .init("standardErrors", byName(model.coefficients, \.standardError)),
            .init("sigma", JSON(model.sigma)),
            .init("rSquared", JSON(model.rSquared)),
            .init("degreesOfFreedom", JSON(model.degreesOfFreedom)),
            .init("tolerance", JSON(model.tolerance)),
            .init("residualSumOfSquares", JSON(model.residualSumOfSquares)),
            .init("explainedSumOfSquares", JSON(model.explainedSumOfSquares)),
            .init("triangularFactor", .array(model.triangularFactor.map { JSON($0) })),
        ] + (model.aliases.isEmpty ? [] : [.init("carriedBy", carriers(of: model))])
            + (model.polynomials.isEmpty ? [] : [.init("polynomials", bases(of: model))])
            + (model.formula.atoms.contains { model.levels[$0.name] != nil && $0.isFactorOfNumbers }
                ? [.init("levelsOfNumbers", levelsOfNumbers(of: model))] : [])
    }

    private static func bases(of model: LinearModel) -> JSON {
        .object(
            model.polynomials.sorted { $0.key < $1.key }.map { name, basis in
                JSON.Member(
                    name,
                    [
                        "alpha": .array(basis.alpha.map { JSON($0) }),
                        "squaredNorms": .array(basis.squaredNorms.map { JSON($0) }),
                    ])
            })
    }

    private static func levelsOfNumbers(of model: LinearModel) -> JSON {
        .object(
            model.formula.atoms.filter(\.isFactorOfNumbers).map { atom in
                JSON.Member(atom.name, .array(model.levels[atom.name, default: []].map { .string($0) }))
            })
    }

    /// Of each aliased column what those that carry its effect are multiplied by to give it.
    private static func carriers(of model: LinearModel) -> JSON {
        .object(
            model.aliases.map { alias in
                let before = model.coefficients.prefix(alias.column).filter { $0.estimate != nil }
                return JSON.Member(
                    model.coefficients[alias.column].name,
                    .object(zip(before, alias.factors).map { JSON.Member($0.name, JSON($1)) }))
            })
    }

    private static func byName(
        _ coefficients: [LinearModel.Coefficient], _ value: KeyPath<LinearModel.Coefficient, Double?>
    ) -> JSON {
        .object(coefficients.map { JSON.Member($0.name, JSON($0[keyPath: value])) })
    }
}

// MARK: - Reading

extension ModelVersion {
    /// Reads a document back.
    /// - Throws: `ModelDocumentError` where it is none of a model, or of one that cannot serve.
    package init(document: JSON) throws(ModelDocumentError) {
        let reader = DocumentReader(document, of: "model")
        switch try reader.text("format") {
        case Self.format: try Seal.check(document, in: reader)
        case Self.unsealedFormat: try Self.checkDigits(in: reader)
        default: throw reader.mismatch("format", "'\(Self.format)'")
        }
        let time = try reader.time("time")
        let specification = try ModelSpecification(document: try reader.member("specification"))
        let levels = try reader.texts("levels")
        var otherLevels: [[String]] = []
        for factor in specification.otherFactors {
            otherLevels.append(try reader.object("otherLevels").texts(factor.name))
        }
        let known = specification.levels(levels, otherLevels)
        let fit = FitReader(
            specification: specification,
            levels: Dictionary(uniqueKeysWithValues: zip(specification.factors.map(\.name), known)),
            rows: try reader.count("rows"))
        let formula = try fit.formula(in: reader)
        self.init(
            version: try reader.text("version"), time: time, parent: try reader.optionalText("parent"),
            trigger: try reader.member("trigger"), cause: reader.optionalMember("cause"),
            state: try Self.state(in: reader), verdict: reader.optionalMember("verdict"), specification: specification,
            model: try fit.model(in: reader, formula), fallbacks: try fit.fallbacks(in: reader, of: formula),
            levels: levels, otherLevels: otherLevels, rowsLeftOut: try reader.count("rowsLeftOut"),
            rowsHash: try reader.text("rowsHash"),
            rowMarks: try Self.rowMarks(in: reader), newestRow: try Self.newestRow(in: reader))
    }

    /// A document without a checksum may still hold its coefficients twice, as decimals and bit for bit.
    private static func checkDigits(in reader: DocumentReader) throws(ModelDocumentError) {
        guard let digits = reader.optionalMember("coefficientsHex").members else { return }
        for coefficient in try reader.optionalNumbersByName("coefficients") {
            let written = digits.last { $0.name == coefficient.name }?.value
            guard written == JSON(coefficient.value?.hexText) else {
                throw reader.mismatch("coefficients", "what coefficientsHex says bit for bit: the file was changed")
            }
        }
    }

    private static func rowMarks(in reader: DocumentReader) throws(ModelDocumentError) -> RowMarks {
        guard reader.optionalMember("rowMarks") != .null else { return RowMarks([]) }
        guard let marks = RowMarks(text: try reader.text("rowMarks")) else {
            throw reader.mismatch("rowMarks", "eight hexadecimal digits for each row")
        }
        return marks
    }

    private static func newestRow(in reader: DocumentReader) throws(ModelDocumentError) -> Timestamp? {
        reader.optionalMember("newestRow") == .null ? nil : try reader.time("newestRow")
    }

    /// Documents that were written before there was a judge do not say it: all of these went into service.
    private static func state(in reader: DocumentReader) throws(ModelDocumentError) -> State {
        switch reader.optionalMember("state") {
        case .null: return .served
        case let member:
            guard let state = member.text.flatMap(State.init) else {
                throw reader.mismatch("state", "'served', 'refused' or 'rolledBack'")
            }
            return state
        }
    }
}

/// Reads the numbers of one fit. Formula and names follow from the specification and must be found as expected.
private struct FitReader {
    let specification: ModelSpecification
    /// Of the specification's factors, by their names.
    let levels: [String: [String]]
    let rows: Int

    /// The specification's, without the factors that had one level in all rows.
    func formula(in reader: DocumentReader) throws(ModelDocumentError) -> Formula {
        let formula = specification.formula
        var constant = Set(levels.filter { $0.value.count < 2 }.keys)
        for atom in formula.atoms where atom.isFactorOfNumbers {
            // Without its levels in the document, the formula that stands there says whether it was left out.
            if reader.optionalMember("levelsOfNumbers")[atom.name] == nil { constant.formUnion(atom.numbers) }
        }
        return formula.without(factors: constant)
    }

    /// One for each subset of the formula's factors.
    func fallbacks(
        in reader: DocumentReader, of formula: Formula
    ) throws(ModelDocumentError) -> [ModelVersion.Fallback] {
        let subsets = ModelVersion.factorsOfFallbacks(formula)
        let documents: [DocumentReader]
        if specification.formula.factorColumns == [specification.factor?.name] {
            documents = subsets.isEmpty ? [] : [try reader.object("withoutFactor")]
        } else {
            documents = try reader.array("fallbacks").map { DocumentReader($0, of: "model.fallbacks") }
        }
        guard documents.count == subsets.count else {
            throw reader.mismatch("fallbacks", "\(subsets.count) fits, one for each choice of the factors")
        }
        var fallbacks: [ModelVersion.Fallback] = []
        for (factors, document) in zip(subsets, documents) {
            let fit = try model(in: document, formula.without(factors: factors))
            fallbacks.append(ModelVersion.Fallback(factors: factors, model: fit))
        }
        return fallbacks
    }

    func model(in reader: DocumentReader, _ formula: Formula) throws(ModelDocumentError) -> LinearModel {
        guard try reader.text("formula") == formula.description else {
            throw reader.mismatch("formula", "'\(formula)'")
        }
        let estimates = try reader.optionalNumbersByName("coefficients")
        let errors = try reader.optionalNumbersByName("standardErrors")
        guard estimates.map(\.name) == errors.map(\.name) else {
            throw reader.mismatch("standardErrors", "an object with the names of the coefficients")
        }
        let coefficients = zip(estimates, errors).map { estimate, error in
            LinearModel.Coefficient(name: estimate.name, estimate: estimate.value, standardError: error.value)
        }
        let numbers = try (
            tolerance: reader.number("tolerance"), residual: reader.number("residualSumOfSquares"),
            explained: reader.number("explainedSumOfSquares"), factor: reader.numbers("triangularFactor")
        )
        let aliases = try aliases(in: reader, of: coefficients)
        let levels = try levels(in: reader, of: formula)
        let polynomials = try polynomials(in: reader, of: formula)
        do throws(ModelDefect) {
            return try LinearModel(
                formula: formula, row: specification.row, levels: levels, polynomials: polynomials,
                coefficients: coefficients, rowCount: rows, tolerance: numbers.tolerance,
                residualSumOfSquares: numbers.residual, explainedSumOfSquares: numbers.explained,
                triangularFactor: numbers.factor, aliases: aliases)
        } catch {
            throw ModelDocumentError(description: "the model is not whole: \(error)")
        }
    }

    private func levels(in reader: DocumentReader, of formula: Formula) throws(ModelDocumentError) -> [String: [String]]
    {
        var found: [String: [String]] = [:]
        for atom in formula.atoms {
            guard let column = atom.factorColumn else { continue }
            found[atom.name] =
                atom.isFactorOfNumbers
                ? try reader.object("levelsOfNumbers").texts(atom.name) : levels[column, default: []]
        }
        return found
    }

    private func polynomials(
        in reader: DocumentReader, of formula: Formula
    ) throws(ModelDocumentError) -> [String: PolynomialBasis] {
        var bases: [String: PolynomialBasis] = [:]
        for atom in formula.atoms where atom.isOrthogonalPolynomial {
            let basis = try reader.object("polynomials").object(atom.name)
            bases[atom.name] = PolynomialBasis(
                alpha: try basis.numbers("alpha"), squaredNorms: try basis.numbers("squaredNorms"))
        }
        return bases
    }

    /// None in documents from before they were kept.
    private func aliases(
        in reader: DocumentReader, of coefficients: [LinearModel.Coefficient]
    ) throws(ModelDocumentError) -> [LinearModel.Alias] {
        guard reader.optionalMember("carriedBy") != .null else { return [] }
        let carried = try reader.object("carriedBy")
        var aliases: [LinearModel.Alias] = []
        for name in carried.names {
            guard let column = coefficients.firstIndex(where: { $0.name == name }) else {
                throw reader.mismatch("carriedBy", "an object with names of coefficients")
            }
            let factors = try carried.optionalNumbersByName(name).compactMap(\.value)
            aliases.append(LinearModel.Alias(column: column, factors: factors))
        }
        return aliases
    }
}
