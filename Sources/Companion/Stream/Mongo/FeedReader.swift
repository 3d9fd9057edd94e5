import Documents
import EventProcessing
import Program
import Regression
import Specification
import Storage
import Streaming

/// Reads the documents of the recipe's collections as records of the topics of that name.
///
/// A collection has the name of its topic without prefixes: `price-prediction` for `kt.mdb.price-prediction`. The
/// identifier is a field, as a document has no key. The time is that of the timestamp field, else the one in the object
/// id, to the second: the recipe's own documents have no other.
struct FeedReader {
    private let specification: ModelSpecification
    private let records: RecordReader
    /// By collection.
    private let topics: [String: String]

    init(specification: ModelSpecification, preset: Preset, roles: Roles) {
        self.specification = specification
        records = RecordReader(specification: specification, preset: preset, roles: roles)
        topics = Dictionary(
            [preset.topics.prediction, preset.topics.outcome].map { (Self.collection(ofTopic: $0), $0) },
            uniquingKeysWith: { first, _ in first })
    }

    var collections: [String] { topics.keys.sorted() }

    private static func collection(ofTopic topic: String) -> String {
        topic.split(separator: ".").last.map(String.init) ?? topic
    }

    /// - Returns: nil where the document has no time.
    func time(_ document: FeedDocument) -> Timestamp? {
        guard let given = value(specification.fields.timestamp, in: document) else { return document.creation }
        return given.text.flatMap { Timestamp($0) }.flatMap {
            DocumentLimits.eventTimes.contains($0.milliseconds) ? $0 : nil
        }
    }

    func delivery(_ document: FeedDocument) -> Delivery {
        do throws(Problem) {
            guard let topic = topics[document.collection] else { return .skipped }
            if let problem = document.problem { throw Problem(problem) }
            guard let time = time(document) else {
                let given = value(specification.fields.timestamp, in: document)?.compact
                throw Problem(
                    given.map {
                        "\(specification.fields.timestamp) is \($0); accepted is a date, or a time such as "
                            + "2021-06-09T13:39:27.971Z"
                    } ?? "neither \(specification.fields.timestamp) nor an object id")
            }
            let identifier = value(specification.fields.identifier, in: document)
            guard let key = identifier?.text ?? identifier?.integer.map(String.init) else {
                let given = identifier?.compact ?? "missing"
                throw Problem("\(specification.fields.identifier) is \(given); accepted is a text")
            }
            let record = Record(
                topic, time: time, key: Array(key.utf8), value: Array(document.fields.compact.utf8))
            do {
                guard let input = try records.input(record) else { return .skipped }
                return .input(input, due: time)
            } catch {
                throw Problem(error.description)
            }
        } catch {
            return .setAside(SetAside(place: "\(document.collection) \(document.identifier)", reason: error.reason))
        }
    }

    private struct Problem: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// A field in whatever case, as the recipe's columns are found; null is missing.
    private func value(_ name: String, in document: FeedDocument) -> JSON? {
        let found = FieldNames.anyCase.value(name, in: document.fields.members ?? [])
        return found == .null ? nil : found
    }
}
