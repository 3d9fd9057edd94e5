import Documents
import Regression
import Specification

@testable import EventProcessing
@testable import Program

extension FuzzTarget {
    static let records = FuzzTarget(
        name: "records",
        promise:
            "lines of kcat and of events go through the pipeline of each preset; what is read of a record is published "
            + "and read again alike, and of events and records without a tree as with one",
        seeds: { bytes(captures) },
        words: [
            "\"topic\":\"", "\"ts\":", "\"key\":\"", "\"key_hex\":\"", "\"payload\":\"", "\\\"Length\\\":",
            "\\\"WEIGHT\\\":",
            "\\\"Prediction\\\":{", "\\\"ErrorAvg\\\":", "\\\"WindowEnd\\\":", "253402300799999", "null",
        ],
        check: { input in
            for beginning in beginnings {
                var run = beginning
                let plainRecords = run.readers.map { PlainRecords($0) }
                for line in input.split(separator: 0x0A) { try run.take(Array(line), plainRecords) }
                run.finish()
            }
        })

    private static let beginnings = PresetName.allCases.map { RecordRun(Preset($0, for: .builtIn)) }

    private static let captures: [String] = PresetName.allCases.map { name in
        let preset = Preset(name, for: .builtIn)
        let writer = RecordWriter(specification: .builtIn, preset: preset)
        let time = Timestamp(milliseconds: 1_622_620_132_137)
        let measurement = Measurement(
            identifier: "3", level: "salmon", predictors: [95, 18], timestampText: time.description, time: time)
        let outcome = Outcome(identifier: "3", level: "salmon", value: 4.7, timestampText: nil, time: time)
        let predicted = PredictedMeasurement(measurement: measurement, value: 2, modelTime: "2021-06-02 07:48:52")
        let late = time.advanced(byMilliseconds: 200_000)
        let drift = Drift(
            cause: .errors, period: Drift.Period(start: time, end: late), time: time, levels: ["salmon", nil],
            firstIdentifier: "1", lastIdentifier: "3", meanError: 0.4, count: nil)
        var events = [Event.measurement(measurement), .outcome(outcome)].map {
            Record($0, topics: preset.topics, specification: .builtIn)
        }
        events.append(writer.record(.prediction(predicted)))
        events.append(writer.record(.evaluation(Evaluation.of(predicted, outcome, by: .builtIn))))
        events.append(writer.record(.drift(drift)))
        events.append(writer.record(.withdrawal(drift.period, time: late)))
        return
            (events.map { KcatLine.line($0).compact } + [
                String(decoding: Event.outcome(outcome).text(.builtIn), as: UTF8.self)
            ])
            .joined(separator: "\n")
    }
}

/// What becomes of the lines of one input under one preset.
private struct RecordRun {
    let preset: Preset
    let writer: RecordWriter
    /// Each role by itself reads other topics.
    let readers: [RecordReader]
    let events: EventReader
    /// The same events, read without a tree where that can be.
    var plain: PlainEvents?
    var pipelines: [Pipeline]

    init(_ preset: Preset) {
        self.preset = preset
        writer = RecordWriter(specification: .builtIn, preset: preset)
        let roles: [Roles] = [.predict, .join, .window, .record, .trigger]
        readers = roles.map { RecordReader(specification: .builtIn, preset: preset, roles: $0) }
        events = EventReader(specification: .builtIn, names: preset.fieldNames)
        plain = PlainEvents(events)
        pipelines = [DetectorRules.window(preset.window), .sequential(SequentialRules())].map { rules in
            Pipeline(
                specification: .builtIn, roles: .all,
                join: StreamJoin.Bounds(
                    within: preset.join.within, retention: preset.join.retention, pendingMax: 1000),
                detector: rules.detector())
        }
    }

    /// - Parameter plainRecords: read the same records as the readers, without a tree where that can be.
    mutating func take(_ line: [UInt8], _ plainRecords: [PlainRecords]) throws {
        let event = try? events.event(line: line)
        if let quick = plain?.event(line) { try hold(quick == event, "read without a tree it is \(quick)") }
        if let event { handle(.event(event)) }
        guard let record = try? KcatLine.record(line) else { return }
        let again = try KcatLine.record(KcatLine.line(record).bytes)
        try hold(again == record, "\(record) is read back as \(again)")
        for (index, reader) in readers.enumerated() {
            let input = try? reader.input(record)
            if let quick = plainRecords[index].input(record) {
                try hold(quick == input, "\(record) is \(quick) when it is read without a tree")
            }
            guard let input else { continue }
            try check(input, reader)
            handle(input)
        }
    }

    mutating func finish() { handle(.ended) }

    private func check(_ input: Input, _ reader: RecordReader) throws {
        let publication: Publication
        switch input {
        case .predicted(let predicted): publication = .prediction(predicted)
        case .evaluated(let evaluation): publication = .evaluation(evaluation)
        case .drifted(let drift):
            // The end of a window stands in no record: it follows from the start.
            let isPlain = drift.cause == nil
            guard !isPlain || drift.period.end == drift.period.start.advanced(byMilliseconds: preset.window.size) else {
                return
            }
            publication = .drift(drift)
        default: return
        }
        let again = try reader.input(writer.record(publication))
        try hold(again == input, "\(input) is read back as \(String(describing: again))")
    }

    private mutating func handle(_ input: Input) {
        for index in pipelines.indices { Self.handle(input, &pipelines[index]) }
    }

    /// Plays the model server, which answers every question.
    private static func handle(_ input: Input, _ pipeline: inout Pipeline) {
        var inputs = [input]
        while let next = inputs.popLast() {
            for action in pipeline.handle(next) {
                switch action {
                case .predict(let measurement):
                    inputs.append(
                        .predicted(PredictedMeasurement(measurement: measurement, value: 2, modelTime: "m")))
                case .ask(let then):
                    let model = ModelStatement(modelTime: "m", sigma: 0.2, rows: 50, coefficients: 4)
                    inputs.append(.stated(model, then: then))
                case .trigger: inputs.append(.trained(TrainingReply(status: .refused, retryAfterRows: 10)))
                default: break
                }
            }
        }
    }
}

// MARK: - Change events

extension FuzzTarget {
    static let changes = FuzzTarget(
        name: "changes",
        promise: "a record of a change is refused in words, or gives a key and an object with plain values",
        seeds: {
            bytes([
                #"{"_id":"60b7"}"# + "\n"
                    + #"{"operationType":"insert","fullDocument":{"_id":{"$oid":"60b73ae4"},"Fish_Id":{"$numberLong":"3"},"#
                    + #""Length":{"$numberDouble":"95.0"},"Timestamp":{"$date":1622620132137}},"ns":{"db":"a"}}"#,
                "k\n" + #""{\"Fish_Id\":\"3\",\"Weight\":{\"$numberDecimal\":\"4.7\"}}""#,
                "\n" + #"{"operationType":"delete","documentKey":{"_id":1}}"#,
            ])
        },
        words: ["fullDocument", "operationType", "\"$date\":", "\"$numberLong\":\"", "\\\"", "Fish_Id", "{\"_id\":"],
        check: { input in
            // The key, if any, stands in the first line.
            let line = input.firstIndex(of: 0x0A)
            let key = line.map { Array(input[..<$0]) }
            let value = Array(input[(line.map { $0 + 1 } ?? 0)...])
            guard
                case .document(_, let document)? = try? ChangeEnvelope.unwrap(
                    key: key, value: value, identifier: "Fish_Id")
            else { return }
            let read = try JSON(parsing: document)
            try hold(read.members.map(ExtendedJSON.plain(document:)) == read, "\(read.compact) is not plain")
        })
}
