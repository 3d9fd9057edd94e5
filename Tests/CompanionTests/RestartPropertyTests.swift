import Documents
import Regression
import Specification
import Testing

@testable import Companion
@testable import EventProcessing
@testable import Program

/// Runs that are broken off and go on from where they must, against runs that are not.
@Suite("tare stream: restarts")
struct RestartPropertyTests {
    /// What comes of a run that a restart may repeat, but not change or leave out.
    private struct Outcomes: Equatable {
        var rows: Set<String> = []
        var drifts: Set<String> = []

        mutating func note(_ actions: [Action]) {
            for action in actions {
                switch action {
                case .record(let row): rows.insert("\(row.identifier) \(row.time) \(row.error ?? -1)")
                case .publish(.drift(let drift)):
                    drifts.insert("\(drift.period.start) \(drift.meanError) \(drift.levels)")
                default: break
                }
            }
        }
    }

    private func preset(_ emission: WindowRules.Emission) -> Preset {
        var preset = Preset(.recipe, for: .builtIn)
        preset.join.within = 20_000
        preset.join.grace = 10_000
        preset.window.size = 30_000
        preset.window.grace = 10_000
        preset.window.emission = emission
        return preset
    }

    private func pipeline(_ preset: Preset) -> Pipeline {
        Pipeline(
            specification: .builtIn, roles: [.join, .window, .record],
            join: StreamJoin.Bounds(within: preset.join.within, retention: preset.join.retention),
            detector: TumblingWindow(preset.window))
    }

    /// Predictions and weights, late, lost and twice, with a gap now and then.
    private func inputs(_ random: inout some RandomNumberGenerator) -> [(time: Timestamp, input: Input)] {
        var inputs: [(order: Int64, time: Timestamp, input: Input)] = []
        var now: Int64 = 1_646_327_820_000
        for number in 0..<300 {
            now += Int.random(in: 0..<60, using: &random) == 0 ? 90_000 : 2000
            let measured = Timestamp(milliseconds: now)
            let weighed = measured.advanced(byMilliseconds: Int64.random(in: 0...25_000, using: &random))
            let predicted = PredictedMeasurement(
                measurement: Measurement(
                    identifier: "\(number)", level: "salmon", predictors: [90, 18], timestampText: nil, time: measured),
                value: 4.5, modelTime: nil)
            let outcome = Outcome(
                identifier: "\(number)", level: "salmon", value: Double.random(in: 3...6, using: &random),
                timestampText: nil, time: weighed)
            for _ in 0..<Int.random(in: 0...9, using: &random).clamped {
                let late = Int64.random(in: 0...8000, using: &random)
                inputs.append((measured.milliseconds + late, measured, .predicted(predicted)))
            }
            for _ in 0..<Int.random(in: 0...9, using: &random).clamped {
                let late = Int64.random(in: 0...60_000, using: &random)
                inputs.append((weighed.milliseconds + late, weighed, .event(.outcome(outcome))))
            }
        }
        return inputs.sorted { $0.order < $1.order }.map { ($0.time, $0.input) }
    }

    @Test("a run that is killed anywhere ends with the rows and windows of an undisturbed one", arguments: 1...20)
    func restarts(_ seed: Int) {
        var random = Xoshiro256(seed: UInt64(seed))
        let preset = preset(seed.isMultiple(of: 2) ? .final : .changes)
        let inputs = inputs(&random)
        var calm = Outcomes()
        var pipeline = pipeline(preset)
        for (_, input) in inputs { calm.note(pipeline.handle(input)) }

        var rough = Outcomes()
        var kept: (next: Int, evaluatedThrough: Timestamp?) = (0, nil)
        var restarts = 0
        var farthest = 0
        while farthest < inputs.count {
            pipeline = self.pipeline(preset)
            if let time = kept.evaluatedThrough { try? pipeline.resume(at: time) }
            var points = ReplayPoints<Int>()
            let begin = kept.next
            // Every other run gets to the end of what was left, or dies on the way.
            let end = min(inputs.count, farthest + Int.random(in: 1...120, using: &random))
            for index in begin..<end {
                let (time, input) = inputs[index]
                points.add(index + 1, time: time)
                rough.note(pipeline.handle(input))
                farthest = max(farthest, index + 1)
                guard Int.random(in: 0..<5, using: &random) == 0 else { continue }
                let needed = MongoSource.needed(pipeline.memory, rules: preset)
                if let next = points.position(before: needed) { kept = (next, pipeline.memory.evaluatedThrough) }
            }
            restarts += 1
        }
        #expect(rough == calm)
        #expect(restarts > 4 && kept.next > 0 && calm.rows.count > 100 && !calm.drifts.isEmpty)
    }
}

extension Int {
    /// Of ten: once none, once two, else one.
    fileprivate var clamped: Int { self == 0 ? 0 : self == 9 ? 2 : 1 }
}
