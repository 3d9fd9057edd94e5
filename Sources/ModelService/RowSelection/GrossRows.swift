import Regression
import Threading

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
    let places: ArraySlice<Int>
    let gross: Int
    let fit: QuickFit

    /// - Parameter places: of at least one row, in rising order.
    init(_ places: ArraySlice<Int>, in design: QuickDesign) {
        let whole = design.fit(places)
        ThreadPriority.giveWay(afterRows: places.count)
        let sample = Self.sample(of: places, in: design)
        let sound = Self.soundFit(to: sample, whole: sample.count == places.count ? whole : nil, design)
        let spread = Self.deviations * 1.4826 * sound.distances(of: sample).median
        let limit = Self.limit(spread, places, design)
        let gross = sound.count(among: places, beyond: limit)
        guard gross > 0, gross * Self.shareMax <= places.count else {
            self.places = places
            self.gross = 0
            fit = whole
            return
        }
        self.places = sound.rows(among: places, within: limit)[...]
        self.gross = gross
        fit = design.fit(self.places)
    }

    /// How far a row may lie from the fit.
    private static func limit(_ spread: Double, _ places: ArraySlice<Int>, _ design: QuickDesign) -> Double {
        // The median is not above the largest, so mostly it need not be looked for.
        guard spread < rounding * design.largestResponse else { return spread }
        return max(spread, rounding * places.map { abs(design.response(of: $0)) }.median)
    }

    /// The fit without the rows that it misses most.
    /// - Parameter whole: to all rows of the sample, where it is known.
    private static func soundFit(to sample: ArraySlice<Int>, whole: QuickFit?, _ design: QuickDesign) -> QuickFit {
        var fit = whole ?? design.fit(sample)
        var kept: [Int] = []
        for _ in 0..<steps {
            let distances = fit.misses(of: sample)
            let limit = distances.ranked(sample.count - 1 - sample.count / shareMax)
            var nearest: [Int] = []
            nearest.reserveCapacity(sample.count)
            for (row, distance) in zip(sample, distances) where distance <= limit { nearest.append(row) }
            // The same rows have the same fit, and leave the same rows.
            if nearest == kept { break }
            fit = design.fit(nearest)
            kept = nearest
            ThreadPriority.giveWay(afterRows: sample.count)
        }
        return fit
    }

    private static func sample(of places: ArraySlice<Int>, in design: QuickDesign) -> ArraySlice<Int> {
        let step = places.count / sampleRows
        guard step > 1 else { return places }
        var taken = Array(repeating: 0, count: design.levelCount)
        var levelsShort = design.levelCount
        var sample: [Int] = []
        var number = 0
        while number < places.count {
            let place = places[places.startIndex + number]
            let level = design.level(of: place)
            // Of each `step` rows the first.
            if number % step == 0 || taken[level] < sampleRowsOfLevel {
                taken[level] += 1
                if taken[level] == sampleRowsOfLevel { levelsShort -= 1 }
                sample.append(place)
            }
            number = levelsShort > 0 ? number + 1 : (number / step + 1) * step
        }
        return sample[...]
    }
}
