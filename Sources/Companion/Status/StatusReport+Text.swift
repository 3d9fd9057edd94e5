import Documents
import Specification

extension StatusReport {
    /// A line for each thing, names on the left.
    /// - Parameter now: by which ages are told.
    func lines(now: Timestamp) -> [String] {
        var lines = [line("server", "\(server): \(word)")] + faults.map { line("", $0) }
        guard answers.readiness != nil else { return lines }
        if let model = answers.model?.document, model["version"] != nil { lines += self.lines(of: model, now: now) }
        lines += partLines
        lines += versionLines
        if case .answered(let companion) = answers.companion { lines += companionLines(companion) }
        return lines
    }

    private static let nameWidth = 12

    private func line(_ name: String, _ text: String) -> String { name.padded(to: Self.nameWidth) + text }

    private func lines(of model: JSON, now: Timestamp) -> [String] {
        let age = age(of: model, now: now).map { ", \(Self.span($0)) ago" } ?? ""
        let levels = (model["levels"]?.elements ?? []).compactMap(\.text).joined(separator: ", ")
        var lines = [
            line("model", "\(model["version"]?.text ?? "?"), fitted \(model["time"]?.text ?? "?")\(age)"),
            line(
                "fit",
                "\(model["formula"]?.text ?? "?") on \(model["rows"]?.integer ?? 0) rows"
                    + (levels.isEmpty ? "" : " of \(levels)")),
            line("", "sigma \(number(model["sigma"])), R² \(number(model["rSquared"]))"),
        ]
        lines.append(line("error", errorText(model)))
        if let coverage, let observed = coverage["observed"]?.integer, let covered = coverage["covered"]?.integer {
            let share = observed > 0 ? ", \(Int((100 * Double(covered) / Double(observed)).rounded())) %" : ""
            lines.append(line("coverage", "\(covered) of \(observed) rows within their intervals of 95 %\(share)"))
        }
        return lines
    }

    private func number(_ value: JSON?) -> String { value?.double.map { $0.fixed(4) } ?? "not known" }

    private func errorText(_ model: JSON) -> String {
        guard let error = answers.rollingError, let rows = answers.rollingErrorRows else {
            return "not known: no row came since this model went into service"
        }
        let measure = model["specification"]?["errorMeasure"]?.text.flatMap(ModelSpecification.ErrorMeasure.init)
        return "\(measure?.text(error) ?? "\(error)") in the mean of \(rows) rows"
    }

    private var partLines: [String] {
        ["store", "models", "journal"].compactMap { part in
            guard let state = answers.readiness?.document?[part] else { return nil }
            let rows = state["rows"]?.integer.map { ", \($0) rows wait" } ?? ""
            return line(part, "\(state["status"]?.text ?? "not known")\(rows)")
        }
    }

    private var versionLines: [String] {
        let versions = answers.versions?.document?["models"]?.elements ?? []
        return versions.enumerated().map { place, model in
            let serves = model["active"] == .bool(true) ? ", serves" : ""
            let verdict = (model["verdict"]?["detail"]?.text ?? model["problem"]?.text).map { ": \($0)" } ?? ""
            return line(
                place == 0 ? "versions" : "",
                "\(model["version"]?.text ?? "?") \(model["state"]?.text ?? "not readable")\(serves)\(verdict)")
        }
    }

    private func companionLines(_ companion: JSON) -> [String] {
        func count(_ name: String) -> Int64 { companion[name]?.integer ?? 0 }
        let groups = (companion["groups"]?.elements ?? []).compactMap { group in
            group["rollingError"]?.double.map { "\(group["group"]?.text ?? "?") \($0.fixed(4))" }
        }
        return [
            line(
                "companion",
                "\(count("events")) events, \(count("evaluated")) evaluated, \(count("setAside")) set aside"),
            line(
                "",
                "\(count("pendingMeasurements")) measurements and \(count("pendingOutcomes")) outcomes wait; lag "
                    + "\(count("lag")) records"),
            line("", "\(count("triggers")) triggers, \(count("retrained")) retrained"),
        ] + (groups.isEmpty ? [] : [line("", "error by group: \(groups.joined(separator: ", "))")])
    }

    /// The largest unit that gives a whole number above 1.
    static func span(_ seconds: Int) -> String {
        for (unit, name) in [(86_400, "days"), (3600, "hours"), (60, "minutes")] where seconds >= 2 * unit {
            return "\(seconds / unit) \(name)"
        }
        return "\(seconds) seconds"
    }
}
