import Documents
import ModelService
import Regression
import Specification

/// What all forms of an export are made from: the fit, and the fits that stand in for it where levels are unseen.
struct ModelExport {
    let version: ModelVersion
    /// The model first. The conditions of no two hold of one row; where none does, there is no estimate.
    let variants: [Variant]

    struct Variant {
        /// Columns of factors whose level is none of the model's; that of all others is one.
        let unseen: Set<String>
        let columns: [ExportedFit.Column]
    }

    /// The factors of the model with their levels.
    let factors: [ExportedFit.Factor]

    /// - Throws: where a term cannot be written.
    init(of version: ModelVersion) throws(ExportRefusal) {
        self.version = version
        let fit = try version.model.exported()
        factors = fit.factors
        let response = version.specification.formula.response
        let columns = { (fit: ExportedFit, smearing: Smearing?) throws(ExportRefusal) in
            fit.columns
                + (try smearing.map { smearing throws(ExportRefusal) in [try Self.column(smearing, of: response)] }
                    ?? [])
        }
        var variants = [Variant(unseen: [], columns: try columns(fit, version.smearing))]
        let names = Set(fit.factors.map(\.column))
        // Of a factor that had one level in all rows nothing was left out.
        for fallback in version.fallbacks where fallback.factors.isSubset(of: names) {
            let columns = try columns(try fallback.model.exported(), fallback.smearing)
            variants.append(Variant(unseen: fallback.factors, columns: columns))
        }
        self.variants = variants
    }

    /// What makes the median of a logarithm to the mean, as a constant on the scale of the fit: a factor there is a summand.
    private static func column(
        _ smearing: Smearing, of response: Response
    ) throws(ExportRefusal) -> ExportedFit.Column {
        guard case .factor(let factor) = smearing else {
            throw ExportRefusal(
                "the mean of a response as \(response.name) cannot be exported, as it goes through all residuals of the"
                    + " model; of logarithms it can, and with 'estimate: median' in the specification")
        }
        return ExportedFit.Column(name: "(Smearing)", constant: response.transformed(factor * response.original(0)))
    }

    var response: Response { version.specification.formula.response }

    func text(_ form: ExportCommand.Form) -> String {
        switch form {
        case .pmml: PMMLExport(self).text
        case .sql: SQLExport(self).text
        case .r: RExport(self).text
        case .json: String(decoding: document.indented, as: UTF8.self)
        }
    }

    // MARK: - JSON

    private var document: JSON {
        let specification = version.specification
        return [
            "subject": .string(specification.subject), "version": .string(version.version),
            "time": .string(version.time.description), "formula": .string(version.model.formula.description),
            "response": [
                "name": .string(response.name), "column": .string(response.column),
                "original": .string(RExport.text(response.arithmetic(of: .column("fit")))),
            ],
            "levels": .object(
                factors.map { JSON.Member($0.column, .array($0.levels.map { .string($0.name) })) }),
            "fits": .array(variants.map(fit)),
        ]
    }

    private func fit(_ variant: Variant) -> JSON {
        [
            "unseen": .array(variant.unseen.sorted().map { .string($0) }),
            "columns": .array(
                variant.columns.map { column in
                    [
                        "name": .string(column.name), "coefficient": JSON(column.coefficient),
                        "number": JSON(column.number.map(RExport.text)),
                        "levels": .object(column.levels.map { JSON.Member($0.column, .string($0.name)) }),
                    ]
                }),
        ]
    }
}
