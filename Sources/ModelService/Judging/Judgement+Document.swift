import Documents
import Regression

/// What a model's document says of how it was judged.
extension Judgement {
    /// - Parameter factor: the name of the factor, which stands in the text of a choice of rows.
    func document(factor: String) -> JSON {
        let overall = chosen.map(standings.overall) ?? Errors()
        return .object(
            [
                .init("winner", .string(winner)),
                .init("reason", .string(reason.rawValue)),
                .init("detail", .string(detail)),
                .init("rows", JSON(overall.rows)),
                .init("challenger", overall.rows == 0 ? .null : ["error": JSON(overall.challenger)]),
                .init(
                    "champion",
                    overall.rows == 0
                        ? .null : ["error": JSON(overall.champion), "rowsOfItsFit": JSON(rowsOfChampion)]),
                .init("chosen", JSON(chosen.flatMap { standings.candidates[$0].name(factor: factor) })),
                .init("grossRows", JSON(fit.gross)),
                .init("trial", trial),
                .init("contestants", .array(contestants(factor: factor))),
                .init("levels", levels),
            ] + (rowsMissing.map { [.init("rowsMissing", JSON($0))] } ?? []))
    }

    private var winner: String {
        switch reason {
        case .first, .better: "challenger"
        case .earlierBetter: "earlier"
        case .notBetter, .tooFewRows: "champion"
        }
    }

    private var trial: JSON {
        let trial = standings.trial
        return [
            "rows": JSON(trial.rows.count), "by": trial.isForward ? "walk-forward" : "leave-one-out",
            "bound": chosen == nil ? .null : JSON(standings.bound),
        ]
    }

    private func contestants(factor: String) -> [JSON] {
        let champion = standings.champion.map { [$0.document(factor: factor, bound: standings.bound, gain: nil)] } ?? []
        return champion
            + standings.candidates.indices.map { place in
                standings.candidates[place].document(
                    factor: factor, bound: standings.bound, gain: standings.gains[place])
            }
    }

    private var levels: JSON {
        guard let chosen else { return .object([]) }
        let wrong = Set(standings.levelsWrong(chosen))
        return .object(
            standings.levels(chosen).map { level, errors in
                JSON.Member(
                    level,
                    .object(
                        [
                            .init("rows", JSON(errors.rows)), .init("challenger", JSON(errors.challenger)),
                            .init("champion", JSON(errors.champion)),
                        ] + (wrong.contains(level) ? [.init("wrong", true)] : [])))
            })
    }
}

extension Contestant {
    /// `newest:200`, `since-change:37`, or a version; nil for the champion.
    fileprivate func name(factor: String) -> String? {
        switch kind {
        case .champion: nil
        case .former(let version): version
        case .challenger(let choice, let isSinceChange, _, _):
            isSinceChange ? "since-change:\(choice.newestCount ?? 0)" : choice.text(factor: factor)
        }
    }

    fileprivate func document(factor: String, bound: Double, gain: BlockedMean?) -> JSON {
        let bounded = bounded(at: bound)
        return .object(
            [
                .init("model", .string(name(factor: factor) ?? "champion")), .init("rowsOfFit", JSON(fitted)),
                .init("error", JSON(mean)), .init("boundedError", JSON(bounded.mean)),
            ] + (past.map { [.init("pastError", JSON($0))] } ?? [])
                + (gain.map { gain in
                    [
                        .init("gain", JSON(gain.mean)),
                        .init("standardError", JSON(gain.standardError.isFinite ? gain.standardError : nil)),
                    ]
                } ?? []))
    }
}
