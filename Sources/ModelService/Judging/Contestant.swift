import Regression
import Specification

/// A model that competes, with the error of what it would have said of each row of the trial at the time.
struct Contestant: Sendable {
    enum Kind: Sendable, Equatable {
        case champion
        /// Served before.
        case former(String)
        /// A fit by a rule on these rows of the pool.
        case challenger(RowChoice, isSinceChange: Bool, places: ArraySlice<Int>, gross: Int)
    }

    let kind: Kind
    /// Rows of its fit.
    let fitted: Int
    /// That it was fitted on.
    let levels: Set<String>
    /// Nil where it cannot say.
    var errors: [Double?]
    /// What fits by its rule came to before, where the trial is too short to tell and that was looked at: it promises no less.
    private(set) var past: Double?

    var mean: Double { errors[...].meanOfKnown }

    /// The errors with none above `bound`.
    func bounded(at bound: Double) -> Contestant {
        var bounded = self
        bounded.errors = errors.map { $0.map { min($0, bound) } }
        bounded.past = past.map { min($0, bound) }
        return bounded
    }
}

// MARK: - Models that served

extension Contestant {
    init(_ kind: Kind, _ model: ModelVersion, trial: Trial) {
        self.kind = kind
        fitted = model.rows
        levels = Set(model.levels)
        errors = model.honestErrors(of: trial.judged, by: trial.scale)
    }
}

// MARK: - Challengers

extension Contestant {
    /// - Returns: nil where the fit has fewer than two rows for each coefficient, or the trial asks of it what it could
    ///   not have said.
    init?(_ choice: RowChoice, isSinceChange: Bool, pool: RowPool, trial: Trial, knownLevels: Set<String>) {
        let all = choice.places(in: pool, before: pool.count)
        guard !all.isEmpty else { return nil }
        let fit = GrossRows(all, in: pool.design)
        guard fit.places.count >= Judgement.rowsPerCoefficient * fit.fit.coefficientCount else { return nil }
        kind = .challenger(choice, isSinceChange: isSinceChange, places: fit.places, gross: fit.gross)
        fitted = fit.places.count
        levels = pool.levels(of: fit.places)
        guard trial.isForward else {
            errors = Self.leftOut(fit, pool: pool, trial: trial, knownLevels: knownLevels)
            return
        }
        errors = Self.forward(choice, over: trial.rows, pool: pool, trial: trial)
        guard errors.count(where: { $0 != nil }) * 2 >= errors.count else { return nil }
    }

    /// Each row of the trial by the fit without it. The only row of a level that the champion does not know either cannot
    /// be left out: one row more of the level will be missed as others are, but for what one row is worth.
    private static func leftOut(_ fit: GrossRows, pool: RowPool, trial: Trial, knownLevels: Set<String>) -> [Double?] {
        var errors = trial.rows.map { row -> Double? in
            guard fit.places.sortedContains(row) else { return trial.error(fit.fit.estimate(row), row, pool) }
            if let estimate = fit.fit.leaveOneOut(row) { return trial.error(estimate, row, pool) }
            guard knownLevels.contains(pool.level(of: row)) else { return nil }
            return fit.fit.leaveOneOutWithoutFactor(row).map { trial.error($0, row, pool) }
        }
        let others = errors.compactMap(\.self)
        guard !others.isEmpty else { return errors }
        for index in errors.indices where errors[index] == nil { errors[index] = soleRowFactor * others.mean }
        return errors
    }

    /// The error of a level that is known by one row alone has twice the variance of a row's; 2 errs on the safe side.
    private static let soleRowFactor = 2.0

    /// Fits by the rule before each block, on what was there then, and what each said of its block.
    private static func forward(
        _ choice: RowChoice, over rows: Range<Int>, pool: RowPool, trial: Trial
    ) -> [Double?] {
        let whole = choice.places(in: pool, before: pool.count).count
        var errors: [Double?] = []
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: Trial.block) {
            let end = min(start + Trial.block, rows.upperBound)
            let places = choice.places(in: pool, before: start)
            // With much fewer rows it would be another rule.
            guard places.count * 2 > whole else {
                errors += Array(repeating: nil, count: end - start)
                continue
            }
            let fit = GrossRows(places, in: pool.design).fit
            errors += (start..<end).map { trial.error(fit.estimate($0), $0, pool) }
        }
        return errors
    }

    /// A challenger of a trial that is too short to tell, with what fits by its rule came to before.
    func lookingBack(pool: RowPool, trial: Trial) -> Contestant {
        guard case .challenger(let choice, _, _, _) = kind else { return self }
        var contestant = self
        contestant.past = Self.past(choice, pool: pool, trial: trial)
        return contestant
    }

    /// The middle one of what fits by the rule came to on the blocks before the trial; nil where there are no two blocks.
    private static func past(_ choice: RowChoice, pool: RowPool, trial: Trial) -> Double? {
        let end = trial.rows.lowerBound
        let errors = forward(choice, over: max(0, end - Trial.historyMax)..<end, pool: pool, trial: trial)
        let means = stride(from: 0, to: errors.count - Trial.block + 1, by: Trial.block).compactMap {
            place -> Double? in
            let told = errors[place..<place + Trial.block]
            return told.contains(nil) ? nil : told.meanOfKnown
        }
        return means.count < 2 ? nil : means.median
    }
}

extension ArraySlice<Double?> {
    /// 0 where there are none.
    fileprivate var meanOfKnown: Double {
        var (sum, count) = (0.0, 0)
        for case let error? in self {
            sum += error
            count += 1
        }
        return count == 0 ? 0 : sum / Double(count)
    }
}

extension Trial {
    /// The error of an estimate of a row by the pool's design.
    fileprivate func error(_ estimate: Double, _ row: Int, _ pool: RowPool) -> Double {
        scale.honestError(
            of: pool.specification.formula.response.original(estimate), actual: pool.response(of: row))
    }
}
