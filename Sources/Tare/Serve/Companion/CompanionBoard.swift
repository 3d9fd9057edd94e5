import Documents
import Program

/// The newest report of each companion: a value, bounded in their number.
struct CompanionBoard {
    private struct Entry {
        let report: CompanionReport
        let at: ContinuousClock.Instant
    }

    static let companionsMax = 16
    /// A companion that reports nothing for so long is dropped.
    static let patience = Duration.seconds(600)

    /// The one that reported last is the last.
    private var entries: [Entry] = []

    init() {}

    mutating func take(_ report: CompanionReport, at now: ContinuousClock.Instant) {
        entries.removeAll { $0.report.name == report.name }
        if entries.count == Self.companionsMax { entries.removeFirst() }
        entries.append(Entry(report: report, at: now))
    }

    /// In the order of their names.
    func document(at now: ContinuousClock.Instant) -> JSON {
        let present = entries.filter { now - $0.at < Self.patience }.sorted {
            $0.report.name.utf8.lexicographicallyPrecedes($1.report.name.utf8)
        }
        return [
            "companions": .array(
                present.map { entry in
                    .object(
                        (entry.report.document.members ?? []) + [
                            .init("ageSeconds", JSON(((now - entry.at) / .milliseconds(100)).rounded(.down) / 10))
                        ])
                })
        ]
    }
}
