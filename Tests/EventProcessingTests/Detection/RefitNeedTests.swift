import Documents
import EventTesting
import Testing

@testable import EventProcessing

@Suite("A need for a refit stays until it is answered for good")
struct RefitNeedTests {
    typealias Place = SequentialDetector.Place

    /// 200 fish that are normal, and then some that are 20 sigmas off.
    private func shifted(_ count: Int) -> (detector: SequentialDetector, rows: [Evaluation]) {
        var detector = SequentialDetector(for: .ofFifty)
        #expect(detector.places(Evaluation.normal(200)).isEmpty)
        let rows = (0..<count).map { Evaluation.off(20, at: Timestamp(milliseconds: Int64($0) * 2000)) }
        return (detector, rows)
    }

    private static let first = [Place(number: 4, cause: .errors)]

    private func followUps(_ numbers: [Int]) -> [Place] { numbers.map { Place(number: $0, cause: .followUp) } }

    @Test("refused, it is asked again as the rows since the change double, up to 64; then they are what is normal")
    func refused() {
        var (detector, rows) = shifted(3000)
        let places = detector.places(rows) { _ in TrainingReply(status: .refused) }
        #expect(places == Self.first + followUps([8, 16, 32, 64]))
        let again = detector.places(Array(repeating: .off(40), count: 20)) { _ in TrainingReply(status: .refused) }
        #expect(again.first?.cause == .errors)
    }

    @Test("skipped, it is asked again without end, as rows come")
    func skipped() {
        var (detector, rows) = shifted(400)
        let places = detector.places(rows) { _ in TrainingReply(status: .skipped) }
        #expect(places == Self.first + followUps([8, 16, 32, 64, 128, 192, 256, 320, 384]))
    }

    @Test("skipped for want of new rows, it is asked again when so many have come, of any species")
    func newRows() {
        var (detector, rows) = shifted(90)
        let reply = TrainingReply(status: .skipped, retryAfterRows: 100)
        #expect(detector.places(rows) { _ in reply } == Self.first + followUps([8, 16, 32, 64]))
        let others = detector.places((0..<200).map { _ in Evaluation.off(0, level: "walleye") }) { _ in
            TrainingReply(status: .refused)
        }
        #expect(others == followUps([74]))
    }

    @Test("skipped because one ran just before, it is asked again when that time is over, by the fish's own clock")
    func coolDown() {
        var (detector, rows) = shifted(400)
        // The 64th fish is told 126 s after the first, and is put off for 600 s: until the 364th.
        let places = detector.places(rows) { number in
            number < 364 ? TrainingReply(status: .skipped, retryAfterSeconds: number == 64 ? 600 : 1e6) : nil
        }
        #expect(places.prefix(5) == (Self.first + followUps([8, 16, 32, 64]))[...])
        #expect(!places.contains(Place(number: 364, cause: .followUp)))
        var (other, _) = shifted(0)
        let once = other.places(rows) { number in
            TrainingReply(status: .skipped, retryAfterSeconds: number < 364 ? 600 - Double(number - 64) * 2 : 1e6)
        }
        #expect(once.contains(Place(number: 364, cause: .followUp)))
    }

    @Test("a server that always says that it may be asked now is asked ever more rarely")
    func impatient() {
        var (detector, rows) = shifted(1000)
        let places = detector.places(rows) { _ in TrainingReply(status: .skipped, retryAfterSeconds: 0) }
        #expect(places.count < 50)
    }

    @Test("another model has its own promise, and its first rows are asked for again")
    func retrained() {
        var (detector, rows) = shifted(300)
        var places: [Place] = []
        for (index, row) in rows.enumerated() {
            for drift in detector.observe(row).compactMap(\.drift) {
                places.append(Place(number: index + 1, cause: drift.cause))
                if places.count == 1 { detector.restart(for: .ofFifty.with(modelTime: "2021-05-18 10:00:00")) }
            }
        }
        // What comes is still of the model before.
        #expect(places == Self.first + followUps([8, 16, 32, 64]))
        // From the new model an alarm is an alarm.
        let off = (0..<20).map { _ in Evaluation.off(-30, modelTime: "2021-05-18 10:00:00") }
        #expect(detector.places(off).first == Place(number: 4, cause: .errors))
    }

    @Test("one that another training renewed, and was put off since, is asked for once more")
    func renewedAndSkipped() {
        var (detector, rows) = shifted(200)
        let places = detector.places(rows.prefix(4))
        #expect(places == Self.first)
        detector.restart(for: .ofFifty)
        let calm = (0..<200).map { Evaluation.off($0.isMultiple(of: 2) ? 0.5 : -0.5) }
        let reply = TrainingReply(status: .skipped, retryAfterRows: 90)
        let more = detector.places(calm) { $0 < 100 ? reply : TrainingReply(status: .refused) }
        #expect(more == followUps([4, 12, 28, 60, 124]) || more.last == Place(number: 150, cause: .followUp))
        #expect(more.last?.number ?? 0 > 100)
    }

    @Test("a species that no model learns is asked for as long as it comes")
    func unseen() {
        var detector = SequentialDetector(for: .ofFifty)
        let rows = Array(repeating: Evaluation.off(0, level: "walleye", isLevelSeen: false), count: 100)
        let places = detector.places(rows) { _ in TrainingReply(status: .refused) }
        #expect(places.map(\.number) == [2, 4, 8, 16, 32, 64, 96])
        #expect(places.map(\.cause) == [.unseenLevel] + Array(repeating: .followUp, count: 6))
    }

    @Test("where nothing is found a check is asked for after so many fish, and again so long after each training")
    func schedule() {
        var detector = SequentialDetector(.testing(checkInterval: 100), for: .ofFifty)
        let places = detector.places(Evaluation.normal(450)) { _ in TrainingReply(status: .refused) }
        #expect(places == [100, 200, 300, 400].map { Place(number: $0, cause: .schedule) })
        detector.restart(for: .ofFifty)
        #expect(detector.places(Evaluation.normal(100)).map(\.number) == [100])
    }

    @Test("the check holds all species' fish since the one before")
    func scheduleRecord() throws {
        var detector = SequentialDetector(.testing(checkInterval: 10), for: .ofFifty)
        let rows = (0..<10).map {
            Evaluation.off(0, at: Timestamp(milliseconds: 100 + $0), level: $0 == 4 ? "walleye" : "salmon")
        }
        let drift = try #require(rows.flatMap { detector.observe($0) }.first?.drift)
        #expect(drift.cause == .schedule && drift.levels == ["salmon", "walleye"] && drift.count == 10)
        #expect(drift.period == Drift.Period(start: 100, end: 110))
    }

    @Test("a check that was put off comes when the server said")
    func scheduleSkipped() {
        var detector = SequentialDetector(.testing(checkInterval: 100), for: .ofFifty)
        let places = detector.places(Evaluation.normal(250)) { number in
            number == 100 ? TrainingReply(status: .skipped, retryAfterRows: 30) : TrainingReply(status: .refused)
        }
        #expect(places == [100, 130, 230].map { Place(number: $0, cause: .schedule) })
    }
}
