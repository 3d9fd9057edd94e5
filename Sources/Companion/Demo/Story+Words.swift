import Documents

/// The sentences between the rows.
extension Story {
    func opening(_ model: ModelReport) -> [String] {
        style.wrapped(
            """
            A camera measures each fish, and its price is quoted from the weight that a model predicts; ten seconds \
            later a scale tells the truth. The model has only ever seen salmon. Now come 60 salmon, 60 walleye and 60 \
            salmon again: six minutes of the factory, sped up.
            """) + ["", "  model   weight = \(model.formulaText)", ""] + rowsHead
    }

    func trigger(_ report: RetrainTrigger) -> [String] {
        let window = windowFish(report)
        let latest = window.last?.model ?? 0
        let older = window.count { $0.model < latest }
        var sentence =
            "trigger: the window from \(clock(report.windowStart)) to \(clock(report.windowEnd)), fish \(report.first) to "
            + "\(report.last), has a mean error of \(report.meanError.percent), above \(threshold.percent)."
        if older > 0 {
            sentence +=
                " \(older) of its \(window.count) fish were still priced by the model before: the rule counts them."
        }
        return block(sentence, .red)
    }

    func retraining(from before: ModelReport, to model: ModelReport) -> [String] {
        let rows = model.rows.map { " on the newest \($0) fish" } ?? ""
        var lines = block("retrained\(rows). The model's change:", .cyan)
        lines += model.changes(from: before).map { "      \($0)" }
        let quotes = zip(before.quotes, model.quotes).map { old, new in
            "\(new.value.fixed(2)) as \(new.level) (was \(old.value.fixed(2)))"
        }
        if !quotes.isEmpty {
            lines += style.wrapped(
                "a fish 95 long and 18 high is now quoted at \(quotes.joined(separator: ", "))", indentation: 4)
        }
        return lines
    }

    private func windowFish(_ report: RetrainTrigger) -> ArraySlice<(report: EvaluatedFish, model: Int)> {
        guard let first = fish.firstIndex(where: { $0.report.identifier == report.first }),
            let last = fish.lastIndex(where: { $0.report.identifier == report.last }), first <= last
        else { return [] }
        return fish[first...last]
    }

    private func block(_ sentence: String, _ color: TerminalStyle.Color) -> [String] {
        let lines = style.wrapped(sentence, indentation: 4)
        return lines.enumerated().map { index, line in
            let mark = index == 0 ? (style.hasBlocks ? "  ▸ " : "  > ") + line.dropFirst(4) : line
            return style.colored(mark, color)
        }
    }

    /// `06:22:00`
    private func clock(_ time: Timestamp) -> String { String(time.modelTimeText.suffix(8)) }
}
