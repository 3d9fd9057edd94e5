import Regression

/// Rows of a fit that were measured grossly wrong, as where a scale slipped, are left out of it and counted.
///
/// A first fit does without the tenth of the rows that it misses most (concentration steps of least trimmed squares:
/// P. J. Rousseeuw, K. Van Driessen, *Computing LTS regression for large data sets*, 2006), so that wrong rows cannot hide
/// one another. Gross is what lies further from it than `deviations` robust standard deviations, 1.4826 times the median
/// distance. Where more than one row in `shareMax` is gross, they are no slips but another truth, and all of them stay.
struct GrossRows: Sendable {
    static let deviations = 8.0
    static let shareMax = 10
    private static let steps = 3
    /// Distances below this part of the responses' median are rounding, however small the others are.
    private static let rounding = 1e-6

    /// Of the rows that stay, oldest first.
    let places: [Int]
    let gross: Int
    let fit: QuickFit

    /// - Parameters:
    ///   - places: of at least one row.
    ///   - responses: theirs.
    init(_ places: [Int], in design: QuickDesign, responses: [Double]) {
        let whole = design.fit(places)
        let distances = Self.distances(places, whole, design)
        let limit = max(Self.deviations * 1.4826 * distances.median, Self.rounding * responses.map(abs).median)
        let kept = zip(places, distances).filter { $0.1 <= limit }.map(\.0)
        let gross = places.count - kept.count
        guard gross > 0, gross * Self.shareMax <= places.count else {
            self.places = places
            self.gross = 0
            fit = whole
            return
        }
        self.places = kept
        self.gross = gross
        fit = design.fit(kept)
    }

    /// How far each row lies from a fit to the others; 0 for a level of which none would be left.
    private static func distances(_ places: [Int], _ whole: QuickFit, _ design: QuickDesign) -> [Double] {
        var fit = whole
        for _ in 0..<steps {
            let distances = places.map { abs(fit.residual($0)) }
            let limit = distances.sorted()[places.count - 1 - places.count / shareMax]
            fit = design.fit(zip(places, distances).filter { $0.1 <= limit }.map(\.0))
        }
        return places.map { fit.knowsLevel(of: $0) ? abs(fit.residual($0)) : 0 }
    }
}
