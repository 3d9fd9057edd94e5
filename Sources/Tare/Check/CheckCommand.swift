import ArgumentParser
import Glibc
import ModelService
import Program
import Regression
import Specification
import Storage

/// `tare check`: reads what a server keeps from end to end, and says what is not as it was written.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read rows, models, state and journal whole, and say what is damaged.",
        discussion: """
            Exits with 0 where all is whole, with 1 where something is not or cannot be read. With --repair, what is damaged \
            gets another name and stays: nothing is deleted. The rows of a damaged SQLite database that are whole are written \
            to a new one, and the whole lines of a journal to a new one where no server uses it; without its state, a server \
            serves the newest model. Servers may run meanwhile.
            """)

    @Option(
        help: ArgumentHelp(
            "Where observations are kept, as for 'tare serve'. Default: sqlite:var/tare.sqlite.", valueName: "location"),
        transform: { try StoreLocation(parsing: $0, defaultCollection: ServeCommand.defaultCollection) })
    var store = StoreLocation.sqlite(path: "var/tare.sqlite")

    @Option(
        help: ArgumentHelp(
            "Where models are kept, as for 'tare serve'. Default: var/models.", valueName: "location"),
        completion: .directory,
        transform: { try ModelStoreLocation(parsing: $0, defaultCollection: ServeCommand.defaultModelCollection) })
    var models = ModelStoreLocation.folder(path: "var/models")

    @Option(help: ArgumentHelp("The journal, as for 'tare serve'.", valueName: "file"), completion: .file())
    var journal = "var/tare.journal"

    @Flag(help: "Set aside what is damaged, and save what is whole of it.")
    var repair = false

    func run() throws {
        let specification = specification()
        let sizes = CheckSizes(store: store, models: models, journal: journal)
        let progress = ProgressLine()
        defer { progress.end() }
        progress.tell("checking the rows", sizes.map { _ in 0 })
        var isWhole = [
            Self.isWhole(progress) { () throws(StoreError) in
                try check(store, specification: specification, repairs: repair)
            }
        ]
        progress.tell("checking the models", sizes?.fraction(of: \.rows))
        isWhole.append(Self.isWhole(progress) { () throws(StoreError) in try check(models, repairs: repair) })
        progress.tell("checking the journal", sizes?.fraction(of: \.rows, \.models))
        isWhole.append(
            Self.isWhole(progress) { () throws(StoreError) in try ObservationJournal.check(journal, repairs: repair) })
        guard !isWhole.contains(false) else { throw ExitCode.failure }
    }

    /// Of the newest model that is whole: it says what a row is.
    private func specification() -> ModelSpecification {
        guard let kept = try? openModelStore(models, log: { _ in }) else { return .builtIn }
        defer { kept.close() }
        return ((try? kept.newest { _ in }) ?? nil)?.specification ?? .builtIn
    }

    /// Says what was found.
    private static func isWhole(
        _ progress: ProgressLine, _ check: () throws(StoreError) -> CheckReport
    ) -> Bool {
        func say(_ text: String) { progress.say { StandardStreams.say(text, on: STDOUT_FILENO) } }
        do throws(StoreError) {
            let report = try check()
            say(text(report))
            return report.isWhole
        } catch {
            say("cannot be read: \(error)")
            return false
        }
    }

    private static func text(_ report: CheckReport) -> String {
        let verdict = report.findings.isEmpty ? "whole" : report.isWhole ? "damaged, and set aside" : "DAMAGED"
        let findings = report.findings.map { finding in
            "  \(finding.damage)" + (finding.aside.map { "; it is now \($0)" } ?? "")
        }
        return (["\(report.subject): \(report.contents), \(verdict)"] + findings + report.remarks.map { "  \($0)" })
            .joined(separator: "\n")
    }
}
