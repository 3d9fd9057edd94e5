import EventProcessing
import Specification
import Streaming

/// Draws a run as lines: from values alone.
struct LiveView: Sendable {
    let specification: ModelSpecification
    let style: TerminalStyle
    /// Relative errors from here on fill a chart; those in another measure are drawn against the largest.
    private static let relativeTop = 0.3

    /// - Parameters:
    ///   - rate: events a second.
    ///   - rows: how many lines there may be.
    func lines(_ state: LiveState, rate: Double, rows: Int) -> [String] {
        let tally = state.tally
        var lines = [
            "\(state.events) events, \(rate < 10 ? rate.fixed(1) : "\(Int(rate.rounded()))") a second; "
                + "\(tally.predicted) predicted, \(tally.evaluated) evaluated, \(tally.recorded) recorded",
            "waiting: \(tally.sum(\.pendingMeasurements)) measured, \(tally.sum(\.pendingOutcomes)) outcomes; "
                + "without a partner: \(tally.lost.measurements + tally.lost.outcomes); set aside: \(tally.setAside)"
                + lagText(tally),
        ]
        if tally.isServerAway { lines.append(style.colored("the model server is waited for", .red)) }
        let triggers = triggerLines(state)
        let room = rows - lines.count - triggers.count
        return Array((lines + groupLines(tally, rows: room) + triggers).prefix(max(0, rows)))
    }

    private func lagText(_ tally: StreamTally) -> String {
        let partitions = tally.standings.values.flatMap(\.partitions)
        return partitions.isEmpty ? "" : "; lag: \(partitions.reduce(0) { $0 + $1.lag }) records"
    }

    private func triggerLines(_ state: LiveState) -> [String] {
        guard !state.triggers.isEmpty else { return [] }
        return ["", style.colored("last triggers", .bold)] + state.triggers
    }

    // MARK: - Groups

    private func groupLines(_ tally: StreamTally, rows: Int) -> [String] {
        let groups = tally.errors.groups
        guard !groups.isEmpty, rows > 2 else { return [] }
        let shown = groups.prefix(groups.count <= rows - 2 ? groups.count : rows - 3)
        let width = shown.map(\.name.count).max().map { min(max($0, 5), 16) } ?? 5
        let top = top(of: groups)
        let asking = Set(
            tally.standings.values.flatMap(\.levels).filter { $0.state == .asking }.map { $0.level ?? "all" })
        let title = "error of the newest rows, up to \(specification.errorMeasure.text(top))"
        var lines = ["", style.colored(title, .bold)]
        lines += shown.map { line($0, nameWidth: width, top: top, isAsking: asking.contains($0.name)) }
        if shown.count < groups.count { lines.append("and \(groups.count - shown.count) groups more") }
        return lines
    }

    private func top(of groups: [RollingErrors.Group]) -> Double {
        guard specification.errorMeasure != .relative else { return Self.relativeTop }
        return groups.flatMap(\.errors).map(\.magnitude).max().flatMap { $0 > 0 ? $0 : nil } ?? 1
    }

    private func line(_ group: RollingErrors.Group, nameWidth: Int, top: Double, isAsking: Bool) -> String {
        let chart = ErrorChart(style: style, threshold: 1).line(group.errors.map { $0.magnitude / top })
        let mean = group.mean ?? 0
        let isWrong = specification.errorMeasure == .relative && mean > 0.15
        let text = specification.errorMeasure.text(mean).paddedLeft(to: 9)
        return String(group.name.prefix(nameWidth)).padded(to: nameWidth) + " "
            + style.colored(chart.paddedLeft(to: RollingErrors.rowsMax), isWrong ? .red : .green) + text
            + (isAsking ? "  asks for a training" : "")
    }
}
