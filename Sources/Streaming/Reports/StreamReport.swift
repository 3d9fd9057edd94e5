package import Documents
package import EventProcessing

/// What stands on stdout: lines for what the pipeline publishes.
package protocol StreamReport: Sendable {
    /// Before anything else.
    var head: [String] { get }
    func lines(_ publication: Publication) -> [String]
    /// The model server's answer to the trigger that was shown last.
    func lines(trained answer: JSON) -> [String]
}

/// `--output ndjson`: evaluations and triggers as JSON documents, nothing else.
package struct DocumentReport: StreamReport {
    private let writer: RecordWriter

    package init(_ writer: RecordWriter) { self.writer = writer }

    package var head: [String] { [] }

    package func lines(_ publication: Publication) -> [String] {
        switch publication {
        case .evaluation(let evaluation): [String(decoding: writer.text(evaluation), as: UTF8.self)]
        case .drift(let drift): [writer.document(drift).compact]
        case .prediction, .withdrawal: []
        }
    }

    package func lines(trained answer: JSON) -> [String] { [] }
}

/// `--output kcat`: every record that would be published, as `kcat -J` would print it.
package struct RecordReport: StreamReport {
    private let writer: RecordWriter

    package init(_ writer: RecordWriter) { self.writer = writer }

    package var head: [String] { [] }

    package func lines(_ publication: Publication) -> [String] {
        [KcatLine.line(writer.record(publication)).compact]
    }

    package func lines(trained answer: JSON) -> [String] { [] }
}
