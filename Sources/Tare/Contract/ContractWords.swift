import Documents
import ModelService
import Regression
import Specification

/// The words and sentences of the contract's texts that follow from a specification, by the names that stand for them in
/// the template.
struct ContractWords {
    private let specification: ModelSpecification
    private let model: ModelVersion?

    init(_ specification: ModelSpecification, model: ModelVersion?) {
        self.specification = specification
        self.model = model
    }

    var words: [String: String?] {
        let (response, fields) = (specification.response, specification.fields)
        return [
            "about": about, "response": response.name, "responseField": response.field,
            "predictedField": response.predictedField, "actualField": response.actualField,
            "acceptedTruth": response.accepted, "estimateRule": estimateRule, "contributionsRule": contributionsRule,
            "identifier": fields.identifier, "timestamp": fields.timestamp, "error": fields.error,
            "modelTime": fields.modelTime, "unseenLevel": specification.factor.flatMap { _ in fields.unseenLevel },
            "similarLevel": specification.factor.map { _ in fields.similarLevel }, "echoed": echoed,
            "group": specification.factor?.name, "groupField": specification.factor?.field ?? "Group",
            "groupRule": groupRule, "level": specification.factor.map { _ in model?.levels.first ?? "…" },
            "median": specification.needsMedian ? ModelSpecification.medianField : nil,
            "sigma": specification.errorMeasure == .sigma ? ModelSpecification.sigmaField : nil,
            "unseenRule": unseenRule,
            "errorRule": errorRule,
            "betterVerdict": verdict(of: 0.037, against: 0.658, bounded: 0.31, isBetter: true),
            "worseVerdict": verdict(of: 0.02, against: 0.019, bounded: 0.001, isBetter: false),
        ]
    }

    private var about: String {
        """
        The model of this server is about \(specification.subject). It estimates `\(specification.response.name)` by the \
        formula `\(specification.formula)`.
        \(errorRule)
        \(groupRule)
        """
    }

    private var estimateRule: String {
        let form = "Always written with a decimal point."
        guard !specification.formula.response.isPlain else { return form }
        let name = specification.formula.response.name
        return switch specification.estimate {
        case .median: "\(form) It is the median: the fit of `\(name)`, transformed back."
        case .mean:
            "\(form) It is the mean: that of the fit of `\(name)` with each residual added, transformed back (Duan, 1983)."
        }
    }

    private var contributionsRule: String {
        let response = specification.formula.response
        return response.isPlain
            ? "What each term adds. Added up in this order they are `\(specification.response.field)` to the last bit."
            : "What each term adds, on the scale of the fit: added up they are `\(response.name)`."
    }

    private var echoed: String {
        let names = specification.echoedFields.map { "`\($0)`" }
        return names.count == 1 ? "\(names[0]) is echoed." : "\(names.joined(separator: " and ")) are echoed."
    }

    private var errorRule: String {
        switch specification.errorMeasure {
        case .relative: "Errors are relative: parts of the truth."
        case .absolute: "Errors are absolute: in the unit of `\(specification.response.name)`."
        case .sigma:
            "Errors are measured in sigma: in standard deviations of the model's residuals, on the scale of the fit."
        }
    }

    private var groupRule: String {
        specification.factor.map { "The levels of `\($0.name)` are watched and judged separately." }
            ?? "All rows are one group."
    }

    private var unseenRule: String {
        let factors = specification.formula.factorColumns
        guard !factors.isEmpty else { return "" }
        let names = factors.map { "`\($0)`" }.inWords
        guard factors.count <= ModelVersion.fallbackFactorsMax else {
            return "A level of \(names) that the model has not seen is answered with 422."
        }
        let unseen = specification.fields.unseenLevel.flatMap { name in
            specification.factor.map { ", and that of `\($0.name)` in `\(name)` as well" }
        }
        return """
            A level of \(names) that the model has not seen gets an estimate from the same rows without the terms that hold it.
            The answer then names it in `Unseen`\(unseen ?? ""). With `--unseen-levels reject` it is 422 instead.
            """ + similarRule
    }

    private var similarRule: String {
        guard specification.factor != nil else { return "" }
        return """

            `\(specification.fields.similarLevel)` names a level that the model knows and that differs in case or surrounding
            space only; with `--fold-case` the two are one.
            """
    }

    /// As the gate says it.
    private func verdict(of error: Double, against other: Double, bounded: Double, isBetter: Bool) -> String {
        let text = specification.errorMeasure.text
        return "mean error \(text(error)) against \(text(other)) on 50 rows; with bounded errors \(text(bounded)) "
            + (isBetter ? "better" : "worse")
    }
}

extension [String] {
    /// `a, b or c`
    fileprivate var inWords: String {
        guard let last, count > 1 else { return first ?? "" }
        return "\(dropLast().joined(separator: ", ")) or \(last)"
    }
}
