import Documents
import EventTesting
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("One sequence of records on Kafka")
struct StageTaskTests {
    private static let minute: Int64 = 60_000

    private func task(
        _ role: Roles, _ starts: [PartitionStart], detector: DetectorRules? = nil
    ) -> StageTask {
        var settings = KafkaRunSettings.sample(role)
        settings.detector = detector ?? settings.detector
        return StageTask(starts, plan: StagePlan(role, settings), settings: settings)
    }

    private func record(_ source: TopicPartition, _ offset: Int64, at time: Int64) -> Record {
        Record(
            topic: source.topic, partition: source.partition, offset: offset, time: Timestamp(milliseconds: time),
            key: nil, value: nil)
    }

    /// What is committed for a partition.
    private func progress(_ task: StageTask, _ source: TopicPartition) -> CommittedProgress? {
        task.progress.first { $0.source == source }.flatMap { CommittedProgress($0) }
    }

    /// Takes everything that may pass.
    private func drain(_ task: StageTask) {
        while let next = task.merge.next() { task.finish(next) }
    }

    @Test("a window's lag is 0 when all is done, and who goes on reads the open window's rows again")
    func window() {
        let rows = TopicPartition("weight-diff", 0)
        let task = task(.window, [PartitionStart(source: rows, offset: 0, done: 0)])
        for (offset, second) in [0, 30, 59, 61, 90].enumerated() {
            task.merge.append(record(rows, Int64(offset), at: Int64(second) * 1000), from: rows)
        }
        drain(task)
        #expect(progress(task, rows) == CommittedProgress(done: 5, from: 3, time: 90_000))
    }

    @Test("a join's lag is 0 when all is done, and who goes on reads again what may still meet a partner")
    func join() {
        let (fish, weights) = (TopicPartition("weight-prediction", 0), TopicPartition("machine-weight", 0))
        let task = task(.join, [fish, weights].map { PartitionStart(source: $0, offset: 0, done: 0) })
        let day: Int64 = 24 * 60 * Self.minute
        for (offset, time) in [0, 2 * day, 2 * day + 1].enumerated() {
            task.merge.append(record(fish, Int64(offset), at: time), from: fish)
            task.merge.append(record(weights, Int64(offset), at: time), from: weights)
        }
        drain(task)
        // The weighing of the last time waits for what the fish's partition brings next.
        #expect(progress(task, fish) == CommittedProgress(done: 3, from: 1, time: 2 * day + 1))
        #expect(progress(task, weights) == CommittedProgress(done: 2, from: 1, time: 2 * day))
    }

    @Test("what is known to stand in an empty partition is waited for, and nobody needs to be asked")
    func knownUnread() {
        let (fish, weights) = (TopicPartition("weight-prediction", 0), TopicPartition("machine-weight", 0))
        let task = task(.join, [fish, weights].map { PartitionStart(source: $0, offset: 0, done: 0) })
        task.merge.append(record(fish, 0, at: 0), from: fish)
        #expect(task.waitsForRecords { $0 == weights ? 1 : 1 })
        #expect(!task.waitsForRecords { $0 == weights ? 0 : 1 }, "its end may have been read")
        #expect(!task.waitsForRecords { _ in nil }, "nothing is known of it")
    }

    @Test("a log that ends in what is no record is done with when its end has been read")
    func gap() {
        let fish = TopicPartition("machine-measurement", 0)
        let task = task(.predict, [PartitionStart(source: fish, offset: 0, done: 0)])
        // An aborted record and its mark.
        let isNew = task.reachEnd(fish, at: 2)
        #expect(isNew)
        #expect(progress(task, fish) == CommittedProgress(done: 2))
        task.merge.append(record(fish, 2, at: 7), from: fish)
        let isBehindRecord = !task.reachEnd(fish, at: 4)
        #expect(isBehindRecord)
        drain(task)
        #expect(progress(task, fish) == CommittedProgress(done: 4, time: 7))
        let isKnown = !task.reachEnd(fish, at: 4)
        #expect(isKnown, "nothing new is to be committed")
    }

    @Test("what retention removed unread is passed over, and counted by its offsets")
    func loss() {
        let fish = TopicPartition("machine-measurement", 0)
        let task = task(.predict, [PartitionStart(source: fish, offset: 10, done: 10)])
        let lost = (0..<2).map { _ in task.skip(to: 25, on: fish) }
        #expect(lost == [10..<25, nil])
        #expect(progress(task, fish)?.done == 25)
    }

    @Test("it says whom it waits for when that takes long, and that it goes on")
    func wait() {
        let fish = TopicPartition("weight-prediction", 0)
        let weights = TopicPartition("machine-weight", 0)
        let task = task(.join, [fish, weights].map { PartitionStart(source: $0, offset: 0, done: 0) })
        task.merge.append(record(weights, 0, at: 5), from: weights)
        let stage = UpstreamStage(role: .predict, group: "g-predict", topics: ["m"], isOwn: true)
        let lag = UpstreamLag(stage: stage, source: TopicPartition("m", 3), time: nil, hasBegun: false)
        task.clear(lag, ends: [fish: 0])
        let said = [0, 3].map { task.noteWait(at: .seconds($0)) }
        #expect(said == [nil, "waits: the role predict (group g-predict) has not begun with m/3"])
        _ = task.reachEnd(fish, at: 0)
        task.clear(nil, ends: [fish: 0])
        drain(task)
        let end = task.noteWait(at: .seconds(4))
        #expect(end == "goes on")
    }

    @Test("records that are there and do not come are a reason too")
    func unread() {
        let rows = (0..<2).map { TopicPartition("weight-diff", $0) }
        let task = task(.window, rows.map { PartitionStart(source: $0, offset: 0, done: 0) })
        task.merge.append(record(rows[0], 0, at: 5), from: rows[0])
        task.clear(nil, ends: [rows[1]: 7])
        let said = [0, 3].map { task.noteWait(at: .seconds($0)) }
        #expect(said == [nil, "waits: the records of weight-diff/1 from the offset 0 on have not come"])
    }

    @Test("a record that was published again is told by what it was made from")
    func repeats() {
        let task = task(.window, [])
        var row = Evaluation.sample(at: 0, error: 0.1)
        row.source = "weight-prediction/0/1 machine-weight/0/1"
        var other = row
        other.source = "weight-prediction/0/2 machine-weight/0/2"
        let answers = [row, row, other, row].map { task.isRepeat(.evaluated($0)) }
        #expect(answers == [false, true, false, true])
    }

    @Test("the sequential detector goes on where another process stood, and counts no row twice")
    func kept() throws {
        let rows = TopicPartition("weight-diff", 0)
        let rules = DetectorRules.sequential(SequentialRules())
        let role: Roles = [.window, .trigger]
        let model = ModelStatement(modelTime: "2021-05-18 09:00:00", sigma: 0.1, rows: 50, coefficients: 3)
        func take(_ fish: Range<Int>, by task: StageTask) -> [Action] {
            fish.flatMap { fish -> [Action] in
                let time = Int64(fish) * 2000
                let input = Input.evaluated(
                    .sample("\(fish)", at: Timestamp(milliseconds: time), error: 0.25))
                var actions = task.pipeline.handle(input)
                if case .ask(let waiting)? = actions.first {
                    actions = task.pipeline.handle(.stated(model, then: waiting))
                }
                task.merge.append(record(rows, Int64(fish), at: time), from: rows)
                while let next = task.merge.next() { task.finish(next) }
                return actions
            }
        }
        let start = PartitionStart(source: rows, offset: 0, done: 0)
        let undisturbed = task(role, [start], detector: rules)
        let first = task(role, [start], detector: rules)
        undisturbed.merge.clear(to: .max, ends: [:])
        first.merge.clear(to: .max, ends: [:])
        let wanted = take(0..<40, by: undisturbed)
        var found = take(0..<13, by: first)
        // The process dies; another reads what it kept.
        let state = try #require(first.state.flatMap { DetectorState($0.document) })
        #expect(state.positions == [rows: 13])
        var begin = start
        begin.advance(to: state.positions[rows] ?? 0)
        let second = task(role, [begin], detector: rules)
        try second.restore(state)
        for fish in 0..<13 {
            second.restore(.evaluated(.sample("\(fish)", at: Timestamp(milliseconds: Int64(fish) * 2000), error: 0.25)))
        }
        #expect(second.state?.detector == state.detector, "rows that are read again are no news")
        second.merge.clear(to: .max, ends: [:])
        found += take(13..<40, by: second)
        #expect(found == wanted)
        #expect(wanted.contains { if case .trigger = $0 { true } else { false } })
        #expect(second.state?.detector == undisturbed.state?.detector)
    }
}
