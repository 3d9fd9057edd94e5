import Documents

@testable import Companion
@testable import EventProcessing
@testable import Streaming

extension FuzzTarget {
    static let streamState = FuzzTarget(
        name: "stream-state",
        promise: "what a stream kept is refused in words, or goes on, and is written and read again alike",
        seeds: {
            let detector = exampleDetector()
            let feed: JSON = [
                "token": "t", "isReading": false, "read": [["collection": "c", "last": "{\"$oid\":\"60b7\"}"]],
                "evaluatedThrough": 1_622_620_132_137, "detector": .null,
            ]
            let positions: JSON = [["topic": "t", "partition": 0, "offset": 9]]
            return [
                detector.bytes, feed.bytes, (["positions": positions, "detector": detector] as JSON).bytes,
                Array(#"{"from":3,"time":1622620132137}"#.utf8), Array("1\n0\n2\n{\"a\":\n1\n1\n2\n1}".utf8),
            ]
        },
        words: [
            "\"counts\":[", "\"levels\":[", "4503599627370496", "\"waiting\":[", "\"need\":{", "null", "1.0E308", "-1",
        ],
        check: { input in
            try checkParts(input)
            guard let document = try? JSON(parsing: input) else { return }
            try checkDetector(document)
            if let state = FeedState(document) {
                try hold(FeedState(state.document) == state, "\(state) is read back as another")
            }
            if let state = DetectorState(document) {
                try hold(DetectorState(state.document) == state, "\(state) is read back as another")
            }
            let committed = PartitionOffset(TopicPartition("t", 0), offset: 5, metadata: document.compact)
            if let progress = CommittedProgress(committed) {
                let again = CommittedProgress(progress.committed(on: TopicPartition("t", 0)))
                try hold(again == progress, "\(progress) is read back as another")
            }
            _ = ModelStatement(document)
            _ = TrainingReply(document, modelTimeField: "ModelTime")
        })

    private static func checkDetector(_ document: JSON) throws {
        var detector = SequentialDetector(SequentialRules())
        guard (try? detector.restore(from: document)) != nil else { return }
        guard let written = detector.document else { throw BrokenPromise(description: "it has no document") }
        var again = SequentialDetector(SequentialRules())
        try again.restore(from: written)
        try hold(again.document?.bytes == written.bytes, "\(written.compact) is read back as another")
        feed(&detector)
        detector.take(TrainingReply(status: .skipped, retryAfterSeconds: 1e300, retryAfterRows: .max))
        feed(&detector)
    }

    private static func feed(_ detector: inout SequentialDetector) {
        for number in 0..<40 {
            let actual = 4 + Double(number % 7) / 10 + (number > 20 ? 3 : 0)
            _ = detector.observe(
                Evaluation(
                    identifier: "\(number)", level: number % 3 == 0 ? nil : "salmon", predictors: [95, 18],
                    predicted: 4,
                    actual: actual, error: 0.1, modelTime: nil, timestampText: nil,
                    time: Timestamp(milliseconds: 1_622_620_132_137 + Int64(number) * 2000)))
        }
    }

    private static func exampleDetector() -> JSON {
        var detector = SequentialDetector(SequentialRules())
        detector.restart(for: ModelStatement(modelTime: "m", sigma: 0.2, rows: 50, coefficients: 4, levels: 2))
        feed(&detector)
        return detector.document ?? .null
    }

    /// Four lines a record of the topic of states: generation, part, number of parts and bytes.
    private static func checkParts(_ input: [UInt8]) throws {
        let lines = input.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        let records = stride(from: 0, to: lines.count - 3, by: 4).map { start in
            let headers = zip(["generation", "part", "parts"], lines[start..<start + 3]).map { name, value in
                Record.Header(name, String(decoding: value, as: UTF8.self))
            }
            return Record(
                topic: "t", time: Timestamp(milliseconds: 0), key: [], value: lines[start + 3], headers: headers)
        }
        guard let (document, generation) = StateRecords.newest(in: records) else { return }
        let written = StateRecords.records(
            of: document, generation: generation, topic: "t", at: Timestamp(milliseconds: 0))
        let again = StateRecords.newest(in: written)
        try hold(
            again?.document == document && again?.generation == generation,
            "\(document.compact) is read back as another")
    }
}
