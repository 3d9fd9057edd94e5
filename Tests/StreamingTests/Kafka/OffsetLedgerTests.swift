import Testing

@testable import Streaming

@Suite("Offsets")
struct OffsetLedgerTests {
    @Test("what needs no state is committed as far as it is done")
    func stateless() {
        var ledger = OffsetLedger(start: 10, done: 10)
        #expect(ledger.oldestNeeded == 10)
        ledger.process(offset: 10, time: 5, neededUntil: nil)
        #expect(ledger.done == 11)
        #expect(ledger.oldestNeeded == 11)
        #expect(ledger.time == 5)
    }

    @Test("nothing is committed beyond the oldest record that is needed")
    func needed() {
        var ledger = OffsetLedger(start: 0, done: 0)
        for offset in 0..<10 {
            ledger.process(offset: Int64(offset), time: Int64(offset), neededUntil: Int64(offset) + 5)
        }
        #expect(ledger.oldestNeeded == 0)
        ledger.pass(7)
        #expect(ledger.oldestNeeded == 3, "the records 0, 1 and 2 were needed until 5, 6 and 7")
        ledger.pass(100)
        #expect(ledger.oldestNeeded == 10)
    }

    @Test("an early record that is needed for long holds the later ones back")
    func holds() {
        var ledger = OffsetLedger(start: 0, done: 0)
        ledger.process(offset: 0, time: 100, neededUntil: 200)
        ledger.process(offset: 1, time: 0, neededUntil: 100)
        ledger.process(offset: 2, time: 200, neededUntil: 300)
        ledger.pass(150)
        #expect(ledger.oldestNeeded == 0)
        ledger.pass(200)
        #expect(ledger.oldestNeeded == 2)
    }

    @Test("records that are processed again for their state move nothing back")
    func restored() {
        var ledger = OffsetLedger(start: 50, done: 100)
        ledger.process(offset: 50, time: 1, neededUntil: 1000)
        #expect(ledger.done == 100)
        #expect(ledger.oldestNeeded == 50)
    }

    @Test("before the state is whole again, nothing beyond what was read again is committed")
    func restoring() {
        var ledger = OffsetLedger(start: 50, done: 100)
        #expect(ledger.oldestNeeded == 50, "a process that dies now must be followed by one that reads the same")
        for offset in Int64(50)..<60 { ledger.process(offset: offset, time: offset, neededUntil: offset + 2) }
        ledger.pass(59)
        #expect(ledger.oldestNeeded == 58)
        ledger.pass(1000)
        #expect(ledger.oldestNeeded == 60)
        #expect(ledger.done == 100)
    }

    @Test("what is read again is bounded, whatever is needed")
    func bounded() {
        var ledger = OffsetLedger(start: 0, done: 0, countMax: 10)
        for offset in 0..<1000 {
            ledger.process(offset: Int64(offset), time: 0, neededUntil: Int64(offset) + 1_000_000)
            ledger.pass(0)
        }
        #expect(ledger.oldestNeeded == 990)
    }

    @Test("offsets that hold no record are done with as soon as what stands before them is")
    func gaps() {
        var ledger = OffsetLedger(start: 0, done: 0)
        ledger.pass(to: 2)
        #expect(ledger.progress == CommittedProgress(done: 2), "the log begins with an aborted record and its mark")
        ledger.process(offset: 2, time: 5, neededUntil: 100)
        ledger.pass(to: 4)
        #expect(ledger.progress == CommittedProgress(done: 4, from: 2, time: 5))
        ledger.pass(to: 3)
        #expect(ledger.done == 4)
        ledger.pass(100)
        #expect(ledger.progress == CommittedProgress(done: 4, time: 5), "nothing is needed of the gap itself")
    }

    @Test("where a partition is taken over, the time that was reached is known from the start")
    func time() {
        var ledger = OffsetLedger(start: 50, done: 50, time: 7)
        #expect(ledger.progress == CommittedProgress(done: 50, time: 7))
        ledger.process(offset: 50, time: 6, neededUntil: nil)
        #expect(ledger.time == 7)
    }

    @Test("progress is read as it was committed, and another program's commit is none")
    func committed() {
        let source = TopicPartition("t", 0)
        for progress in [
            CommittedProgress(done: 5, from: 3, time: 7), CommittedProgress(done: 0),
            CommittedProgress(done: 4, from: 9),
        ] {
            let committed = progress.committed(on: source)
            #expect(committed.offset == progress.done, "operators see the lag of what is to be done")
            #expect(CommittedProgress(committed) == progress)
        }
        for metadata in ["", "{}", "tare", #"{"from":"1"}"#] {
            #expect(CommittedProgress(PartitionOffset(source, offset: 5, metadata: metadata)) == nil)
        }
        #expect(CommittedProgress(PartitionOffset(source, offset: nil)) == nil)
    }

    @Test("a name is known as long as it is among the last")
    func repeats() {
        var filter = RepeatFilter(countMax: 3)
        let answers = ["a", "b", "c", "c", "a", "d", "a", "d"].map { filter.isRepeat($0) }
        // With d, a is forgotten.
        #expect(answers == [false, false, false, true, true, false, false, true])
    }
}
