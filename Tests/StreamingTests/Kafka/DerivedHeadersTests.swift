import Documents
import Testing

@testable import Streaming

@Suite("What the headers of derived records tell")
struct DerivedHeadersTests {
    private let origin = KafkaMessage(
        source: TopicPartition("machine-measurement", 2), offset: 7, time: 0, key: nil, value: nil, headers: [:])
    private let own = RecordSource(topic: "weight-prediction", partition: 2, offset: 9)

    private func headers(_ publication: Publication, _ preset: PresetName) -> [String: String] {
        let headers = DerivedHeaders(publication, of: origin, Preset(preset, for: .fish)).headers
        return Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) })
    }

    /// What the columns of the preset leave of it, as the next stage reads them.
    private func read(_ input: Input, _ preset: PresetName) -> Input {
        guard preset != .blog else { return input }
        switch input {
        case .predicted(var predicted):
            predicted.modelTime = nil
            return .predicted(predicted)
        case .evaluated(var evaluation):
            evaluation.modelTime = nil
            return .evaluated(evaluation)
        default: return input
        }
    }

    @Test(
        "under every preset the next stage knows the model that predicted, and whether it had seen the level",
        arguments: PresetName.allCases, [true, false])
    func carried(_ preset: PresetName, _ isLevelSeen: Bool) {
        var predicted = PredictedMeasurement.sample("1", at: 0)
        predicted.isLevelSeen = isLevelSeen
        let written = DerivedHeaders(headers(.prediction(predicted), preset))
        predicted.isLevelSeen = true
        var expected = predicted
        expected.isLevelSeen = isLevelSeen
        expected.source = RecordSource("machine-measurement/2/7")
        #expect(written.applied(to: read(.predicted(predicted), preset), own: own) == .predicted(expected))

        var evaluation = Evaluation.off(1, isLevelSeen: isLevelSeen)
        evaluation.source = "machine-measurement/2/7 machine-weight/2/3"
        let row = DerivedHeaders(headers(.evaluation(evaluation), preset))
        var given = evaluation
        given.isLevelSeen = true
        given.source = nil
        #expect(row.applied(to: read(.evaluated(given), preset), own: own) == .evaluated(evaluation))
    }

    @Test("a header says only what no column says")
    func sparing() {
        #expect(headers(.prediction(.sample("1", at: 0)), .blog) == ["source": "machine-measurement/2/7"])
        #expect(headers(.prediction(.sample("1", at: 0)), .recipe).keys.sorted() == ["model-time", "source"])
        #expect(headers(.withdrawal(Drift.Period(start: 0, end: 1), time: 0), .recipe).isEmpty)
    }

    @Test("a record of another program counts as derived from itself")
    func foreign() {
        let input = DerivedHeaders([:]).applied(to: .predicted(.sample("1", at: 0)), own: own)
        guard case .predicted(let predicted) = input else { return }
        #expect(predicted.source == own && predicted.isLevelSeen)
    }
}
