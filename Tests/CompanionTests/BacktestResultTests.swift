import Documents
import Specification
import Testing

@testable import Companion
@testable import Program

@Suite("What a backtest counts")
struct BacktestResultTests {
    /// A row every two seconds from 0 on; `alarms` are counts of rows, as the tally notes them.
    private func notes(
        _ errors: [Double?], alarms: [Int] = [], level: (Int) -> String = { _ in "salmon" }
    ) -> BacktestTally.Notes {
        let rows = errors.enumerated().map { index, error in
            BacktestTally.Row(time: time(index), level: level(index), error: error)
        }
        return BacktestTally.Notes(rows: rows, alarms: alarms.map { BacktestTally.Alarm(time: time($0 - 1), rows: $0) })
    }

    private func time(_ row: Int) -> Timestamp { Timestamp(milliseconds: Int64(row) * 2000) }

    @Test("a fish is wrong from more than 15 % on, and one without an error counts in no mean")
    func wrong() throws {
        let result = BacktestResult(
            notes([0.15, 0.1501, nil, 0.05]), measure: .relative, retrainings: 3, drifts: nil, horizon: 100)
        #expect(result.wrong == 1 && result.evaluated == 4 && result.retrainings == 3)
        #expect(abs(try #require(result.meanError) - 0.35 / 3) < 1e-4)
        #expect(result.drifts == nil)
        #expect(
            BacktestResult(notes([]), measure: .relative, retrainings: 0, drifts: nil, horizon: 100).meanError == nil)
    }

    @Test(
        "an alarm belongs to the drift before it for a hundred fish; others are false, and the first one counts",
        arguments: [
            ([60], [18_000], 0, 0), ([60, 70, 149], [18_000], 0, 0), ([150, 151], [198_000], 1, 0), ([151], [], 1, 1),
            ([30], [], 1, 1), ([30, 51], [0], 1, 0), ([], [], 0, 1),
        ] as [([Int], [Int64], Int, Int)])
    func alarms(_ alarms: [Int], _ delays: [Int64], _ falseAlarms: Int, _ missed: Int) {
        let errors = (0..<500).map { $0 < 50 ? 0.01 : 0.8 }
        let result = BacktestResult(
            notes(errors, alarms: alarms), measure: .relative, retrainings: 0, drifts: [time(50)], horizon: 100)
        #expect(
            result.drifts == BacktestResult.Drifts(delays: delays, missed: missed, falseAlarms: falseAlarms))
    }

    @Test("a drift is missed where one species went wrong, however well the others did, and only there")
    func missed() {
        let levels = { (index: Int) in index.isMultiple(of: 10) ? "walleye" : "salmon" }
        let wrong = (0..<100).map { $0.isMultiple(of: 10) ? 0.84 : 0.02 }
        #expect(
            BacktestResult(
                notes(wrong, level: levels), measure: .relative, retrainings: 0, drifts: [time(0)], horizon: 100
            ).drifts?.missed
                == 1)
        let well = [Double?](repeating: 0.1, count: 100)
        #expect(
            BacktestResult(
                notes(well, level: levels), measure: .relative, retrainings: 0, drifts: [time(0)], horizon: 100
            ).drifts?.missed
                == 0)
    }

    @Test("where errors are not relative, one is wrong beyond three robust standard deviations of all")
    func absolute() {
        // A median of 2 stands for a deviation of 2.97.
        let result = BacktestResult(
            notes([1, 2, 2, 2, 3, 8.8, 9]), measure: .absolute, retrainings: 0, drifts: nil, horizon: 100)
        #expect(result.wrong == 1)
    }

    @Test("a second drift ends the stretch of the first")
    func two() {
        let errors = [Double?](repeating: 0.8, count: 200)
        let result = BacktestResult(
            notes(errors, alarms: [60]), measure: .relative, retrainings: 0, drifts: [time(10), time(50)], horizon: 100)
        #expect(result.drifts == BacktestResult.Drifts(delays: [18_000], missed: 1, falseAlarms: 0))
    }
}

@Suite("The table of a backtest")
struct BacktestTableTests {
    private func result(wrong: Int, delays: [Int64]?) -> BacktestResult {
        var result = BacktestResult(
            BacktestTally.Notes(), measure: .relative, retrainings: 2, drifts: nil, horizon: 100)
        result.wrong = wrong
        result.meanError = 0.0612
        result.drifts = delays.map { BacktestResult.Drifts(delays: $0, missed: 0, falseAlarms: 1) }
        return result
    }

    @Test("each figure is one number, or the least, the middle and the most; what is not known is a dash")
    func lines() {
        var table = BacktestTable(.builtIn)
        table.add("first", [result(wrong: 15, delays: [18_000]), result(wrong: 24, delays: [76_000])])
        table.add("second one", [result(wrong: 7, delays: nil)])
        #expect(
            table.lines == [
                "                     delay  false alarms  missed drifts      wrong fish  retrainings  mean error",
                "first       18 / 47 / 76 s             1              0  15 / 19.5 / 24            2       6.1 %",
                "second one               -             -              -               7            2       6.1 %",
            ])
    }
}
