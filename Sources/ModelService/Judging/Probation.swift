import Documents
import Regression
import Specification

/// A new model on its first rows, beside what its parent would have said of them: a pure value.
///
/// After `rowsMax` rows the model has failed if its errors are above its parent's by more than chance explains: a
/// paired t test, one-sided, at `significance`. So of models that are as good as their parent, one in a hundred fails.
struct Probation: Sendable {
    enum Outcome: Sendable, Equatable { case undecided, passed, failed }

    static let rowsMax = 10
    static let significance = 0.01

    let champion: ServedModel
    let parent: ServedModel
    /// The parent's sigma measures both models: measured by their own, their errors could not be compared.
    private let scale: ErrorScale
    private var championErrors: [Double] = []
    private var parentErrors: [Double] = []

    init(of champion: ServedModel, after parent: ServedModel) {
        self.champion = champion
        self.parent = parent
        scale = parent.model.specification.errorScale(sigma: parent.model.model.positiveSigma ?? 1)
    }

    /// Takes one row more. A row that one of the two was fitted on says nothing of it.
    mutating func observe(_ row: TrainingRows.Row) -> Outcome {
        let row = JudgedRow(row, champion.model.specification)
        guard !champion.model.rowMarks.contains(row.mark), !parent.model.rowMarks.contains(row.mark),
            let error = champion.model.honestError(of: row, by: scale),
            let other = parent.model.honestError(of: row, by: scale)
        else { return .undecided }
        championErrors.append(error)
        parentErrors.append(other)
        guard championErrors.count == Self.rowsMax else { return .undecided }
        return isWorse ? .failed : .passed
    }

    private var isWorse: Bool {
        let differences = zip(championErrors, parentErrors).map { $0 - $1 }
        let mean = differences.mean
        guard mean > 0 else { return false }
        let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let count = Double(differences.count)
        let standardError = (squares / (count - 1) / count).squareRoot()
        let limit = StudentT(degreesOfFreedom: differences.count - 1).quantile(upperTail: Self.significance)
        return mean > limit * standardError
    }

    /// What the two did, for the document of a model that failed.
    var document: JSON {
        [
            "rows": JSON(championErrors.count), "error": JSON(championErrors.mean),
            "parent": .string(parent.model.version), "parentError": JSON(parentErrors.mean),
        ]
    }

    /// What is told of the parent that serves again: which version failed, and how.
    var rollback: JSON {
        .object([.init("version", .string(champion.version))] + (document.members ?? []))
    }

    /// For people.
    var text: String {
        "mean error \(scale.measure.text(championErrors.mean)) on its first \(championErrors.count) rows,"
            + " \(parent.model.version) \(scale.measure.text(parentErrors.mean))"
    }
}
