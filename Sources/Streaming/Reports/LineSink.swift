import Documents
import EventProcessing

/// Results as a report's lines. A line that was written needs no further care, so nothing is kept of where it came from.
final class LineSink: ResultSink {
    private let report: any StreamReport
    private let output: any LineOutput

    init(_ report: any StreamReport, output: any LineOutput) {
        self.report = report
        self.output = output
    }

    func begin() throws(RunInterruption) { try write(report.head) }

    func publish(_ publication: Publication, of origin: Void) throws(RunInterruption) {
        try write(report.lines(publication))
    }

    func tell(trained answer: JSON, for drift: Drift) throws(RunInterruption) {
        try write(report.lines(trained: answer))
    }

    func setAside(_ thing: SetAside, _ rejected: Rejected<Void>) -> SetAside { thing }

    /// Counted by the join, and told of at the end.
    func abandon(_ event: Event, from source: RecordPlace) {}

    func flush() throws(RunInterruption) {
        do { try output.flush() } catch { throw .output(error) }
    }

    func settle() throws(RunInterruption) { try flush() }

    private func write(_ lines: [String]) throws(RunInterruption) {
        do {
            for line in lines { try output.write(line) }
        } catch {
            throw .output(error)
        }
    }
}
