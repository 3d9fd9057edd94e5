import Documents
import EventTesting
import Testing

@testable import EventProcessing

@Suite("The tumbling window")
struct TumblingWindowTests {
    enum Variant: Sendable {
        case blog, recipe

        func window(grace: Int64 = 0, emission: WindowRules.Emission = .final) -> TumblingWindow {
            let threshold = WindowRules.Threshold(value: 0.15, places: self == .recipe ? 2 : nil)
            return TumblingWindow(WindowRules(size: 60_000, grace: grace, threshold: threshold, emission: emission))
        }
    }

    /// The windows that are told of when rows of a large error come at these times.
    private func drifts(grace: Int64, at times: [Int64]) -> [[Drift]] {
        var window = Variant.blog.window(grace: grace)
        return times.enumerated().map { index, time in
            window.observe(.sample("\(index)", at: Timestamp(milliseconds: time), error: 1)).map { change in
                guard case .found(let drift) = change else { preconditionFailure("final windows are not withdrawn") }
                return drift
            }
        }
    }

    @Test("windows are aligned to the epoch, start inclusive, end exclusive, and their time is their latest row's")
    func alignment() throws {
        let told = drifts(grace: 0, at: [10, 59_999, 60_000, 120_000])
        #expect(told.map(\.count) == [0, 0, 1, 1])
        let (first, second) = (told[2][0], told[3][0])
        #expect(first.period == Drift.Period(start: 0, end: 60_000))
        #expect(first.time == 59_999)
        #expect(first.count == 2)
        #expect(second.period == Drift.Period(start: 60_000, end: 120_000))
        #expect(second.count == 1)
    }

    @Test("a time before 1970 has a window too")
    func beforeTheEpoch() {
        #expect(drifts(grace: 0, at: [-1, 0])[1].map(\.period) == [Drift.Period(start: -60_000, end: 0)])
    }

    @Test("without grace a row of a closed window is left out and counted")
    func late() {
        var window = Variant.blog.window()
        for time in [10, 60_000, 59_999] as [Timestamp] { _ = window.observe(.sample(at: time, error: 1)) }
        #expect(window.lateCount == 1)
        #expect(drifts(grace: 0, at: [10, 60_000, 59_999, 120_000])[3].map(\.count) == [1])
    }

    @Test("with a grace of 60 s a row counts until the time is 60 s past the window's end")
    func grace() {
        let told = drifts(grace: 60_000, at: [10, 119_999, 20, 120_000, 30, 180_000])
        #expect(told.map(\.count) == [0, 0, 0, 1, 0, 1])
        #expect(told[3][0].period.start == 0)
        #expect(told[3][0].count == 2)
    }

    @Test("windows that close at once are told in the order of their starts, empty ones never")
    func severalAtOnce() {
        let told = drifts(grace: 120_000, at: [60_000, 10, 120_010, 900_000])
        #expect(told[3].map(\.period.start) == [0, 60_000, 120_000])
    }

    @Test(
        "the mean leaves null errors out, is 0 where there is none, and must be above the threshold",
        arguments: [
            ([0.15, 0.15], 0.15, false, false), ([0.15, 0.16], 0.155, true, true), ([0.15, 0.154], 0.152, true, false),
            ([nil, nil], 0, false, false), ([nil, 0.3], 0.3, true, true), ([0.1, 0.2, -0.3], 0, false, false),
            ([0.3, 0.0], 0.15, false, false), ([0.31, nil, 0.0], 0.155, true, true),
        ] as [([Double?], Double, Bool, Bool)])
    func mean(_ errors: [Double?], _ mean: Double, _ blog: Bool, _ recipe: Bool) throws {
        for (variant, isTold) in [(Variant.blog, blog), (.recipe, recipe)] {
            var window = variant.window()
            for error in errors { _ = window.observe(.sample(at: 0, error: error)) }
            let changes = window.observe(.sample(at: 60_000, error: 0))
            #expect(changes.count == (isTold ? 1 : 0), "\(variant)")
            if case .found(let drift)? = changes.first { #expect(abs(drift.meanError - mean) < 1e-12) }
        }
        var any = TumblingWindow(
            WindowRules(size: 60_000, grace: 0, threshold: WindowRules.Threshold(value: -1), emission: .changes))
        var last: DriftChange?
        for error in errors { last = any.observe(.sample(at: 0, error: error)).last }
        guard case .found(let drift)? = last else { throw TestFailure("a threshold of -1 is always exceeded") }
        #expect(abs(drift.meanError - mean) < 1e-12)
    }

    @Test("a mean that is not finite triggers nothing")
    func overflow() {
        for variant in [Variant.blog, .recipe] {
            var window = variant.window()
            for _ in 0..<2 { _ = window.observe(.sample(at: 0, error: .greatestFiniteMagnitude)) }
            #expect(window.observe(.sample(at: 60_000, error: 0)).isEmpty)
        }
    }

    @Test("levels stand once each as first seen, null among them; first and last by order of processing, not by time")
    func sets() throws {
        var window = Variant.blog.window()
        let rows: [(String, Timestamp, String?)] = [
            ("b", 50, nil), ("a", 40, "salmon"), ("c", 30, nil), ("d", 20, "salmon"),
        ]
        for (identifier, time, level) in rows {
            _ = window.observe(.sample(identifier, at: time, error: 1, level: level))
        }
        guard case .found(let drift)? = window.observe(.sample(at: 60_000, error: 0)).first else {
            throw TestFailure("a mean of 1 is above the threshold")
        }
        #expect(drift.levels == [nil, "salmon"])
        #expect(drift.firstIdentifier == "b")
        #expect(drift.lastIdentifier == "d")
        #expect(drift.time == 50)
    }

    @Test("no more than 1000 levels are kept")
    func levelBound() throws {
        var window = Variant.blog.window(emission: .changes)
        var last: DriftChange?
        for number in 0..<1500 { last = window.observe(.sample(at: 0, error: 1, level: "l\(number)")).last }
        guard case .found(let drift)? = last else { throw TestFailure("a mean of 1 is above the threshold") }
        #expect(drift.levels.count == 1000)
        #expect(drift.levels.last == "l999")
    }

    @Test("told as it changes: a row while it passes, a withdrawal when it no longer does, then nothing")
    func changes() {
        for variant in [Variant.blog, .recipe] {
            var window = variant.window(grace: 60_000, emission: .changes)
            let told = [0.3, 0.3, 0.0, 0.0, 0.0, 0.9].flatMap { error -> [String] in
                window.observe(.sample(at: 5, error: error)).map { change in
                    switch change {
                    case .found(let drift): "row \(drift.count ?? 0)"
                    case .withdrawn(let period, let time): "withdrawn \(period.start.milliseconds) \(time.milliseconds)"
                    }
                }
            }
            #expect(told == ["row 1", "row 2", "row 3", "withdrawn 0 5", "row 6"], "\(variant)")
        }
    }

    @Test(
        "the recipe's ten fish give one window, whose mean depends on the order of the sum",
        arguments: [
            (["101", "102", "103", "104", "105", "106", "107", "108", "109", "110"], 0.34650000000000003),
            (["101", "102", "103", "104", "105", "107", "108", "106", "109", "110"], 0.3465000000000001),
        ])
    func recipeFish(_ order: [String], _ mean: Double) throws {
        var window = Variant.recipe.window(grace: 60_000)
        let start: Timestamp = 1_646_327_820_000
        for identifier in order {
            let fish = try #require(RecipeFish.all.first { $0.identifier == identifier })
            let error = RelativeError.of(predicted: fish.predicted, actual: fish.actual)
            let time = start.advanced(byMilliseconds: 5000)
            #expect(window.observe(.sample(identifier, at: time, error: error, level: fish.level)).isEmpty)
        }
        let changes = window.observe(.sample(at: start.advanced(byMilliseconds: 120_000), error: 0))
        let drift = Drift(
            period: Drift.Period(start: start, end: 1_646_327_880_000), time: 1_646_327_825_000,
            levels: ["Salmon", "Bass", "Trout"], firstIdentifier: "101", lastIdentifier: "110", meanError: mean,
            count: 10)
        #expect(changes == [.found(drift)])
    }
}
