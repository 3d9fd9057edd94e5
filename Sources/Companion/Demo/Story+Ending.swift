import Documents

/// What remains when the stream has ended: the whole run at a glance, and whether it was the story.
extension Story {
    func ending() -> [String] {
        guard !fish.isEmpty else { return [] }
        let head = style.wrapped("The whole run, T a trigger and R the first fish of a new model:", indentation: 2)
        return [""] + head + [""] + glance + [""] + means
    }

    /// Why this was not the story; nil where it was.
    var failure: String? {
        guard fish.count >= fishExpected else {
            return "the stream ended after \(fish.count) of \(fishExpected) fish"
        }
        guard !triggers.isEmpty else { return "the error never rose above \(threshold.percent): no trigger came" }
        guard models.count > 1 else { return "a trigger came, but no fish was priced by a new model" }
        let last = fish.last?.model
        guard let after = fish.filter({ $0.model == last }).compactMap(\.report.error).mean, after <= threshold else {
            return "the error did not fall below \(threshold.percent) after the last retraining"
        }
        return nil
    }

    /// One line of columns, with the stages and the turns below it.
    private var glance: [String] {
        let fishPerColumn = max(1, (fish.count + style.width - 5) / (style.width - 4))
        let columns = stride(from: 0, to: fish.count, by: fishPerColumn).map { start in
            fish[start..<min(start + fishPerColumn, fish.count)]
        }
        var stages = MarkLine(width: columns.count)
        var turns = MarkLine(width: columns.count)
        for (index, one) in fish.enumerated() {
            let before = index == 0 ? nil : fish[index - 1]
            if before?.report.level != one.report.level { stages.put(one.report.level, at: index / fishPerColumn) }
            if let before, before.model != one.model { turns.put("R", at: index / fishPerColumn) }
        }
        for trigger in triggers { turns.put("T", at: (trigger.afterFish - 1) / fishPerColumn) }
        let chart = ErrorChart(style: style, threshold: threshold)
        return [chart.line(columns.map { $0.compactMap(\.report.error).mean }), stages.text, turns.text].map {
            "  \($0)"
        }
    }

    /// The mean error of each level under each model.
    private var means: [String] {
        let levels = fish.map(\.report.level).distinct
        let head = "  mean error".padded(to: 24) + levels.map { $0.paddedLeft(to: 10) }.joined()
        let rows = Set(fish.map(\.model)).sorted().map { model in
            let first = fish.first { $0.model == model }?.report.identifier ?? "?"
            let name = model == 0 ? "  first model" : "  new model, fish \(first) on"
            return name.padded(to: 24)
                + levels.map { level in
                    let errors = fish.filter { $0.model == model && $0.report.level == level }.compactMap(
                        \.report.error)
                    return (errors.mean?.percent ?? "-").paddedLeft(to: 10)
                }.joined()
        }
        return [head] + rows
    }
}

/// A line of marks below a line of columns; a mark that finds its place taken stays away.
private struct MarkLine {
    private var cells: [Character]

    init(width: Int) { cells = Array(repeating: " ", count: width) }

    mutating func put(_ mark: String, at column: Int) {
        let end = column + mark.count
        guard column >= 0, end <= cells.count, cells[column..<end].allSatisfy({ $0 == " " }) else { return }
        cells.replaceSubrange(column..<end, with: mark)
    }

    var text: String {
        let used = cells.lastIndex { $0 != " " }.map { $0 + 1 } ?? 0
        return String(cells[..<used])
    }
}
