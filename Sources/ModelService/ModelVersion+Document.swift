package import Documents
import Regression
package import Specification

/// The document of a model: what its file holds and `GET /model` shows.
extension ModelVersion {
    private static let format = "tare-model/2"
    /// Of documents from before there was a checksum.
    private static let unsealedFormat = "tare-model/1"
    /// What such a document holds. One with more is a later one whose format was damaged.
    private static let unsealedMembers: Set<String> = [
        "format", "version", "time", "parent", "cause", "trigger", "state", "verdict", "specification", "levels",
        "rows", "rowsLeftOut", "rowsHash", "rowMarks", "formula", "coefficients", "coefficientsHex", "standardErrors",
        "sigma", "rSquared", "degreesOfFreedom", "tolerance", "residualSumOfSquares", "explainedSumOfSquares",
        "triangularFactor", "withoutFactor",
    ]

    package var document: JSON { sealed.document }

    var sealed: SealedDocument {
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
                .init("oldestRow", JSON(oldestRow?.description)),
                .init("newestRow", JSON(newestRow?.description)),
                .init("rowMarks", .string(rowMarks.text)),
            ] + Self.members(of: model) + Self.members(of: smearing) + fallbackMembers)
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
            return [.init("withoutFactor", fallbacks.first.map { .object(Self.members(of: $0)) } ?? .null)]
        }
        let fits = fallbacks.map { fallback in
            JSON.object(
                [.init("without", .array(fallback.factors.sorted().map { .string($0) }))]
                    + Self.members(of: fallback))
        }
        return [.init("fallbacks", .array(fits))]
    }

    private var isOfGroupOnly: Bool { specification.formula.factorColumns == [specification.factor?.name] }

    private static func members(of fallback: Fallback) -> [JSON.Member] {
        members(of: fallback.model) + members(of: fallback.smearing)
    }

    private static func members(of smearing: Smearing?) -> [JSON.Member] {
        switch smearing {
        case nil: []
        case .factor(let factor): [.init("smearingFactor", JSON(factor))]
        case .residuals(let residuals): [.init("smearingResiduals", .array(residuals.map { JSON($0) }))]
        }
    }

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
        case Self.unsealedFormat:
            try reader.checkMembers(among: Self.unsealedMembers)
            try Self.checkDigits(in: reader)
        default: throw reader.mismatch("format", "'\(Self.format)'")
        }
        try self.init(members: reader)
    }

    /// Reads back what `document` made and nobody can have changed: its checksum is not worked out anew.
    /// - Parameter known: what its specification was read back as before; nil where it was not.
    /// - Throws: as for `document`.
    init(ofOwn document: JSON, about known: ModelSpecification?) throws(ModelDocumentError) {
        try self.init(members: DocumentReader(document, of: "model"), about: known)
    }

    private init(members reader: DocumentReader, about known: ModelSpecification? = nil) throws(ModelDocumentError) {
        let time = try reader.time("time")
        let specification =
            if let known { known } else { try ModelSpecification(document: try reader.member("specification")) }
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
            model: try fit.model(in: reader, formula), smearing: try fit.smearing(in: reader),
            fallbacks: try fit.fallbacks(in: reader, of: formula),
            levels: levels, otherLevels: otherLevels, rowsLeftOut: try reader.count("rowsLeftOut"),
            rowsHash: try reader.text("rowsHash"),
            rowMarks: try Self.rowMarks(in: reader), newestRow: try Self.time("newestRow", in: reader),
            oldestRow: try Self.time("oldestRow", in: reader))
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
        guard reader.optionalMember("rowMarks") != .null else { return RowMarks.none }
        guard let marks = RowMarks(text: try reader.text("rowMarks")) else {
            throw reader.mismatch("rowMarks", "eight hexadecimal digits for each row")
        }
        return marks
    }

    private static func time(_ name: String, in reader: DocumentReader) throws(ModelDocumentError) -> Timestamp? {
        reader.optionalMember(name) == .null ? nil : try reader.time(name)
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
