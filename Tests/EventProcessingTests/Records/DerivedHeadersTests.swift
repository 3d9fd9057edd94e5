import Documents
import EventTesting
import Testing

@testable import EventProcessing

@Suite("What the headers of derived records tell")
struct DerivedHeadersTests {
    private let origin = Record(
        topic: "machine-measurement", partition: 2, offset: 7, time: 0, key: nil, value: nil)
    private let own = RecordPlace(topic: "weight-prediction", partition: 2, offset: 9)

    private func headers(_ publication: Publication, _ preset: PresetName) -> [Record.Header] {
        DerivedHeaders.of(publication, from: origin, Preset(preset, for: .fish)).headers
    }

    /// What a record with these headers tells of the input that it came as.
    private func told(_ headers: [Record.Header]) -> DerivedHeaders {
        DerivedHeaders.told(
            by: Record(
                topic: own.topic, partition: own.partition, offset: own.offset, time: 0, key: nil, value: nil,
                headers: headers))
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

    /// An input with what its record's headers tell.
    private func input(_ input: Input, _ headers: DerivedHeaders) -> Input {
        switch input {
        case .predicted(var predicted):
            headers.apply(to: &predicted)
            return .predicted(predicted)
        case .evaluated(var evaluation):
            headers.apply(to: &evaluation)
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
        let written = told(headers(.prediction(predicted), preset))
        predicted.isLevelSeen = true
        var expected = predicted
        expected.isLevelSeen = isLevelSeen
        expected.source = RecordPlace("machine-measurement/2/7")
        #expect(input(read(.predicted(predicted), preset), written) == .predicted(expected))

        var evaluation = Evaluation.off(1, isLevelSeen: isLevelSeen)
        evaluation.source = "machine-measurement/2/7 machine-weight/2/3"
        let row = told(headers(.evaluation(evaluation), preset))
        var given = evaluation
        given.isLevelSeen = true
        given.source = nil
        #expect(input(read(.evaluated(given), preset), row) == .evaluated(evaluation))
    }

    @Test("a header says only what no column says")
    func sparing() {
        let source = Record.Header("source", "machine-measurement/2/7")
        #expect(headers(.prediction(.sample("1", at: 0)), .blog) == [source])
        #expect(headers(.prediction(.sample("1", at: 0)), .recipe).map(\.name).sorted() == ["model-time", "source"])
        #expect(headers(.withdrawal(Drift.Period(start: 0, end: 1), time: 0), .recipe).isEmpty)
    }

    @Test("a record of another program counts as derived from itself")
    func foreign() {
        var predicted = PredictedMeasurement.sample("1", at: 0)
        told([]).apply(to: &predicted)
        #expect(predicted.source == own && predicted.isLevelSeen)
    }
}
