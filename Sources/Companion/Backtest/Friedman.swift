import Documents
import EventProcessing
import Glibc
import ModelService
import Regression
import Specification
import Streaming

/// Friedman's function (Annals of Statistics 19, 1991) whose variables change their parts twice, as E. Ikonomovska, J. Gama
/// and S. Džeroski have it drift (Data Mining and Knowledge Discovery 23, 2011): ten variables, of which five matter.
struct Friedman: Sequence, IteratorProtocol {
    enum Drift: String, CaseIterable {
        /// Global recurring abrupt: another function, and then the first one again.
        case abrupt
        /// Global slow gradual: to a second function and to a third, each over a stretch in which both come.
        case gradual
    }

    static let specification = ModelSpecification(
        subject: "row",
        response: ModelSpecification.Response(
            name: "y", field: "Y", actualField: "ActualY", predictedField: "PredictedY"),
        predictors: (1...10).map { ModelSpecification.Predictor(name: "x\($0)", field: "X\($0)", maximum: 1) },
        factor: ModelSpecification.Factor(name: "level", field: "Level", charactersMax: 8),
        fields: ModelSpecification.Fields(
            identifier: "Row", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime"))

    /// Rows up to a drift, and between the two; the gradual ones take half of that.
    static let stretch = 1000
    static let count = 3 * stretch

    struct Row {
        let predictors: [Double]
        let response: Double
    }

    private let drift: Drift
    private var random: Xoshiro256
    private var index = 0

    init(_ drift: Drift, seed: UInt64) {
        self.drift = drift
        random = Xoshiro256(seed: seed)
    }

    mutating func next() -> Row? {
        guard index < Self.count else { return nil }
        let predictors = (1...10).map { _ in random.nextFraction() }
        let coin = random.nextFraction() < 0.5
        let noise = NormalDistribution(mean: 0, standardDeviation: 1).draw(using: &random)
        let places = Self.places(drift, stage: index / Self.stretch, isOld: coin && isInTransition)
        index += 1
        return Row(predictors: predictors, response: Self.value(predictors, places) + noise)
    }

    private var isInTransition: Bool { drift == .gradual && index % Self.stretch < Self.stretch / 2 }

    private static func value(_ x: [Double], _ place: [Int]) -> Double {
        let square = x[place[2]] - 0.5
        return 10 * sin(.pi * x[place[0]] * x[place[1]]) + 20 * square * square + 10 * x[place[3]] + 5 * x[place[4]]
    }

    /// Which variables take the five parts, counted from 0.
    private static func places(_ drift: Drift, stage: Int, isOld: Bool) -> [Int] {
        switch (drift, isOld ? Swift.max(0, stage - 1) : stage) {
        case (.abrupt, 1): [3, 5, 1, 0, 2]
        case (.gradual, 1): [3, 4, 1, 0, 2]
        case (.gradual, 2): [1, 4, 3, 2, 0]
        default: [0, 1, 2, 3, 4]
        }
    }
}

extension Friedman {
    private static let level = "a"
    private static let interval: Int64 = 2_000
    private static let delay: Int64 = 10_000

    /// A row every two seconds, its truth ten seconds later, and a first model of as many rows as a training takes.
    static func recording(_ drift: Drift, seed: UInt64, firstRows: Int, start: Timestamp) throws -> Backtest.Recording {
        let rows = Friedman(drift, seed: ~seed).prefix(firstRows).map { row in
            Observation(
                level: level, predictors: row.predictors.map(Optional.some), actual: row.response, timestamp: start)
        }
        let first = try ModelVersion(
            fitting: TrainingRows(oldestFirst: rows, specification: specification), time: start, parent: nil,
            trigger: .null)
        return Backtest.Recording(
            specification: specification, first: first,
            open: { SequenceSource(events(drift, seed: seed, start: start)) },
            drifts: [1, 2].map { start.advanced(byMilliseconds: Int64($0 * stretch) * interval) })
    }

    private static func events(
        _ drift: Drift, seed: UInt64, start: Timestamp
    ) -> [(time: Timestamp, event: Event)] {
        let pairs = Friedman(drift, seed: seed).enumerated().flatMap { index, row in
            let time = start.advanced(byMilliseconds: Int64(index) * interval)
            let told = time.advanced(byMilliseconds: delay)
            let name = String(index + 1)
            return [
                Event.measurement(
                    Measurement(
                        identifier: name, level: level, predictors: row.predictors, timestampText: time.description,
                        time: time)),
                .outcome(
                    Outcome(
                        identifier: name, level: level, value: row.response, timestampText: told.description,
                        time: told)),
            ]
        }
        // Stable, so that a truth that is told as another row is measured comes first.
        return pairs.sorted { $0.time < $1.time }.map { (time: $0.time, event: $0) }
    }
}
