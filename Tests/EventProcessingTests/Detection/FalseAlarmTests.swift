import Testing

@testable import DetectionStudy

/// `make test-false-alarms` runs the sizes that the claims are made for, and more of them.
@Suite("False alarms and delays of the sequential detector, with models that are fitted")
struct FalseAlarmTests {
    private static let interval = 1000.0
    private static let rows = 10_000

    private static let conditions = ErrorProcess.Shape.allCases.flatMap { shape in
        [(13, 1), (20, 1), (50, 1), (13, 5), (20, 5), (50, 5), (50, 50)].map { rows, levels in
            StudyStream.Settings(shape: shape, rows: rows, levels: levels)
        }
    }

    @Test(
        "between two of them lie as many fish as is said, at least, whatever the errors are like",
        arguments: conditions)
    func rate(_ condition: StudyStream.Settings) throws {
        let study = AlarmStudy(stream: condition, interval: Self.interval)
        let result = try #require(try study.run(rows: Self.rows, seed: 1))
        #expect(result.rows == Self.rows)
        #expect(Double(result.alarms) * Self.interval <= Double(Self.rows), "\(result)")
    }

    @Test(
        "half of the changes are found within so many fish, at a million between false alarms",
        arguments: [
            (.shift(1), 45), (.shift(2), 15), (.shift(3), 8), (.spread(1.5), 130), (.spread(2), 48), (.slope(0.1), 28),
        ] as [(ErrorChange, Int)])
    func delay(_ change: ErrorChange, _ most: Int) throws {
        let study = DelayStudy(change: change, rowsBefore: 500, horizon: 300, interval: 1_000_000)
        let delays = try study.run(11, seed: 1).map { $0 ?? .max }.sorted()
        #expect(delays[delays.count / 2] <= most, "\(delays)")
    }
}
