import Regression

/// Rows of a fit that were measured grossly wrong, as where a scale slipped, are left out of it and counted.
///
/// A first fit does without the tenth of the rows that it misses most (concentration steps of least trimmed squares:
/// P. J. Rousseeuw, K. Van Driessen, *Computing LTS regression for large data sets*, 2006), so that wrong rows cannot hide
/// one another. Gross is what lies further from it than `deviations` robust standard deviations, 1.4826 times the median
/// distance. Where more than one row in `shareMax` is gross, they are no slips but another truth, and all of them stay.
///
/// Of very many rows a sample tells the first fit and the median distance, as the same paper does it.
struct GrossRows: Sendable {
    static let deviations = 8.0
    static let shareMax = 10
    private static let steps = 3
    /// From more rows than twice as many on, about so many are the sample, and of each level so many at the least.
    private static let sampleRows = 2000
    private static let sampleRowsOfLevel = 20
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
        let sample = Self.sample(of: places, in: design)
        let sound = Self.soundFit(to: sample, whole: sample.count == places.count ? whole : nil, design)
        let typical = sample.map { sound.distance($0) }.median
        let limit = max(Self.deviations * 1.4826 * typical, Self.rounding * responses.map(abs).median)
        let kept = places.filter { sound.distance($0) <= limit }
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

    /// The fit without the rows that it misses most.
    /// - Parameter whole: to all rows of the sample, where it is known.
    private static func soundFit(to sample: [Int], whole: QuickFit?, _ design: QuickDesign) -> QuickFit {
        var fit = whole ?? design.fit(sample)
        for _ in 0..<steps {
            let distances = sample.map { abs(fit.residual($0)) }
            let limit = distances.ranked(sample.count - 1 - sample.count / shareMax)
            fit = design.fit(zip(sample, distances).filter { $0.1 <= limit }.map(\.0))
        }
        return fit
    }

    private static func sample(of places: [Int], in design: QuickDesign) -> [Int] {
        let step = places.count / sampleRows
        guard step > 1 else { return places }
        var taken = Array(repeating: 0, count: design.levelCount)
        return places.indices.filter { index in
            let level = design.level(of: places[index])
            guard index.isMultiple(of: step) || taken[level] < sampleRowsOfLevel else { return false }
            taken[level] += 1
            return true
        }.map { places[$0] }
    }
}

extension QuickFit {
    /// How far a row lies from it; 0 for a level that it does not know.
    fileprivate func distance(_ row: Int) -> Double { knowsLevel(of: row) ? abs(residual(row)) : 0 }
}
