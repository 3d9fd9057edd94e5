import Documents
import Regression
import Specification

/// Reads the numbers of one fit. Formula and names follow from the specification and must be found as expected.
struct FitReader {
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
            fallbacks.append(
                ModelVersion.Fallback(factors: factors, model: fit, smearing: try smearing(in: document)))
        }
        return fallbacks
    }

    func smearing(in reader: DocumentReader) throws(ModelDocumentError) -> Smearing? {
        guard specification.needsMedian else { return nil }
        if reader.optionalMember("smearingFactor") != .null {
            let factor = try reader.number("smearingFactor")
            guard factor > 0, factor.isFinite else { throw reader.mismatch("smearingFactor", "a number above 0") }
            return .factor(factor)
        }
        let residuals = try reader.numbers("smearingResiduals")
        guard (1...Smearing.residualsMax).contains(residuals.count) else {
            throw reader.mismatch("smearingResiduals", "1 to \(Smearing.residualsMax) numbers")
        }
        return .residuals(residuals)
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
