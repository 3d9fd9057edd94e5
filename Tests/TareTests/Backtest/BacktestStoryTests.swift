import Documents
import EventProcessing
import Foundation
import ModelService
import Regression
import Specification
import Streaming
import Testing

@testable import Companion

@Suite("Backtests of the factory")
struct BacktestStoryTests {
    /// All phases of the minute take too long in a debug build for every run of the tests.
    private static let phases: Int64 = ProcessInfo.processInfo.environment["TARE_FULL_SIZE"] == nil ? 6 : 30
    private static let start = Timestamp(milliseconds: 1_623_240_000_000)
    private static let sequential = Backtest.Setting(
        name: "sequential", detector: .sequential(SequentialRules()))
    private static let window = Backtest.Setting(
        name: "window", detector: .window(Preset(.blog, for: .fish).window))

    /// A first model of salmon only, and the events of a plan.
    private func recording(_ plan: String, seed: UInt64) throws -> Backtest.Recording {
        let plan = try SimulatorPlan(plan)
        let subjects = try SubjectSequence(levels: Factory.levels, plan: plan, count: plan.count, seed: seed)
        let simulator = Simulator(subjects: subjects, timing: Simulator.Timing(start: Self.start), seed: seed)
        let salmon = try SubjectSequence(
            levels: Factory.levels, plan: SimulatorPlan("salmon:100"), count: nil, seed: ~seed)
        let rows = salmon.prefix(100).map {
            Observation(
                level: $0.level, predictors: $0.predictors.map(Optional.some), actual: $0.response,
                timestamp: Self.start)
        }
        return Backtest.Recording(
            specification: .fish, first: try Self.model(rows),
            open: { SequenceSource(simulator.lazy.map { (time: $0.time, event: $0.event) }) },
            drifts: plan.drifts(total: plan.count, known: ["salmon"])
                .map { Self.start.advanced(byMilliseconds: Int64($0) * 2000) })
    }

    private static func model(_ rows: [Observation]) throws -> ModelVersion {
        try ModelVersion(
            fitting: TrainingRows(oldestFirst: rows, specification: .fish), time: start, parent: nil, trigger: .null)
    }

    private func run(
        _ setting: Backtest.Setting, _ recording: Backtest.Recording, phases: Int64 = 1
    ) throws -> [BacktestResult] {
        let backtest = Backtest(
            recording: recording, preset: Preset(.blog, for: .fish), horizon: 100, clock: SystemClock())
        return try (0..<phases).map {
            try backtest.run(setting, shift: $0 * 60_000 / phases, notices: StandardErrorNotices())
        }
    }

    @Test("wherever the minute falls, at most 13 fish are priced more than 15 % wrong", arguments: 1...3 as ClosedRange)
    func phases(_ seed: UInt64) throws {
        let results = try run(
            Self.sequential, recording("salmon:60,walleye:60,salmon:60", seed: seed), phases: Self.phases)
        #expect(results.map(\.wrong).max() ?? 99 <= 13)
        #expect(results.allSatisfy { (3...5).contains($0.retrainings) })
        #expect(results.allSatisfy { $0.drifts == BacktestResult.Drifts(delays: [12_000]) })
    }

    @Test("a real server and a real stream, with what is set by default, do what the backtest says", arguments: [1, 4])
    func endToEnd(_ seed: UInt64) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tare-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try LiveServer(folder: folder)
        let plan = "salmon:60,walleye:60,salmon:60"
        let stream = try TareProcess.run([
            "stream", "--server", "http://127.0.0.1:\(server.port)", "--source", "simulator", "--speed", "max",
            "--seed",
            "\(seed)", "--plan", plan, "--detector", "sequential", "--output", "ndjson",
        ])
        #expect(stream.status == 0)
        // What is published as the error is rounded.
        let errors = try stream.output.split(separator: "\n").compactMap { line in
            let row = try JSON(parsing: line.utf8)
            return row["PredictedWeight"]?.double.flatMap { predicted in
                row["ActualWeight"]?.double.map { abs(predicted - $0) / $0 }
            }
        }
        let wrong = errors.count { $0 > ModelSpecification.ErrorMeasure.relative.wrongFrom(deviation: 0) }
        #expect(errors.count == 180 && wrong <= 13)
        let backtest = try TareProcess.run([
            "backtest", "simulator", "--seed", "\(seed)", "--plan", plan, "--detector", "sequential", "--initial-model",
            LiveServer.initialModel,
        ])
        let row = try #require(backtest.output.split(separator: "\n").last).split(separator: " ")
        let models = try #require(server.get("/models").document?["models"]?.elements)
        let retrainings = models.count { $0["state"] == "served" } - 1
        #expect(row.suffix(4).prefix(2).map(String.init) == ["\(wrong)", "\(retrainings)"])
    }

    @Test("the window's reaction depends on where the minute falls")
    func window() throws {
        let results = try run(Self.window, recording("salmon:60,walleye:60,salmon:60", seed: 1), phases: 30)
        let delays = results.compactMap { $0.drifts?.delays.first }
        #expect((delays.max() ?? 0) - (delays.min() ?? 0) >= 56_000)
        #expect(results.map(\.wrong).min() ?? 0 > 13)
    }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/seed")

    private static func fish(_ file: String) throws -> [[String]] {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            .split(separator: "\n").dropFirst().map { $0.split(separator: ",").map(String.init) }
    }

    @Test(
        "so it is on the factory's own 180 fish, with the model of its own 100",
        .enabled(
            if: FileManager.default.fileExists(atPath: folder.path), "../shared/data/seed is not there"))
    func recorded() throws {
        let rows = try Self.fish("trainingData.csv").map {
            Observation(
                level: $0[0], predictors: [Double($0[2]), Double($0[3])], actual: Double($0[4]), timestamp: nil)
        }
        let events = try Self.fish("stream.csv").enumerated().flatMap { index, fish in
            let time = Self.start.advanced(byMilliseconds: Int64(index) * 2000)
            let told = time.advanced(byMilliseconds: 10_000)
            return [
                Event.measurement(
                    Measurement(
                        identifier: fish[0], level: fish[1], predictors: [Double(fish[2]), Double(fish[3])],
                        timestampText: time.description, time: time)),
                .outcome(
                    Outcome(
                        identifier: fish[0], level: fish[1], value: Double(fish[4]), timestampText: told.description,
                        time: told)),
            ]
        }.sorted { $0.time < $1.time }
        let recording = Backtest.Recording(
            specification: .fish, first: try Self.model(rows),
            open: { SequenceSource(events.map { (time: $0.time, event: $0) }) },
            drifts: [60, 120].map { Self.start.advanced(byMilliseconds: $0 * 2000) })
        let results = try run(Self.sequential, recording, phases: Self.phases)
        #expect(events.count == 360)
        #expect(results.map(\.evaluated) == Array(repeating: 180, count: Int(Self.phases)))
        #expect(results.map(\.wrong).max() ?? 99 <= 13)
        #expect(try run(Self.window, recording, phases: 30).map(\.wrong).min() ?? 0 > 13)
    }

    @Test("one walleye in ten is caught, new or changed", arguments: 1...3 as ClosedRange<UInt64>)
    func oneInTen(_ seed: UInt64) throws {
        let plan = "salmon:100,salmon=9+walleye=1:500"
        let result = try #require(try run(Self.sequential, recording(plan, seed: seed)).first)
        #expect(result.drifts?.delays.count == 1 && result.drifts?.missed == 0)
        #expect(result.drifts?.falseAlarms == 0)
        // Five times as walleye become known, and at most with each check.
        #expect((1...10).contains(result.retrainings))
    }

    @Test("salmon that go on as they were raise no alarm, and the checks do no harm")
    func calm() throws {
        let recording = try recording("salmon:1500", seed: 9)
        let result = try #require(try run(Self.sequential, recording).first)
        #expect(result.alarms == 0 && result.evaluated == 1500)
        var rules = SequentialRules()
        rules.checkInterval = nil
        let alone = Backtest.Setting(name: "without checks", detector: .sequential(rules))
        let untouched = try #require(try run(alone, recording).first)
        #expect(untouched.alarms == 0 && untouched.retrainings == 0)
        #expect(try #require(result.meanError) <= 1.05 * #require(untouched.meanError))
    }

    @Test("the drifts of a plan are where a species begins that was not there before")
    func drifts() throws {
        func places(_ plan: String, total: Int) throws -> [Int] {
            try SimulatorPlan(plan).drifts(total: total, known: ["salmon"])
        }
        #expect(try places("salmon:60,walleye:60,salmon:60", total: 180) == [60, 120])
        #expect(try places("walleye:5,salmon:5", total: 12) == [0, 5, 10])
        #expect(try places("salmon:5,salmon=9+walleye=1:5,salmon:5", total: 15) == [5])
    }
}
