import Testing

@testable import Streaming

@Suite("When a group is told of progress")
struct CommitScheduleTests {
    private func announced(at now: Duration = .zero) -> CommitSchedule {
        var schedule = CommitSchedule()
        schedule.begin()
        schedule.send(at: now)
        schedule.answer(isAccepted: true, at: now)
        return schedule
    }

    @Test("a role that begins commits before it handles anything, and again until that is accepted")
    func announcement() {
        var schedule = CommitSchedule()
        schedule.begin()
        #expect(!schedule.isAnnounced && schedule.isDue(isIdle: true, at: .zero))
        schedule.send(at: .zero)
        #expect(!schedule.isDue(isIdle: true, at: .seconds(1)), "one commit is on its way")
        schedule.answer(isAccepted: false, at: .seconds(1))
        #expect(!schedule.isAnnounced)
        #expect(!schedule.isDue(isIdle: true, at: .seconds(1)), "not at once")
        #expect(schedule.isDue(isIdle: true, at: .seconds(1) + CommitSchedule.retryInterval))
        schedule.send(at: .seconds(2))
        schedule.answer(isAccepted: true, at: .seconds(2))
        #expect(schedule.isAnnounced && !schedule.isDue(isIdle: true, at: .seconds(100)), "there is nothing to tell")
    }

    @Test("progress is committed soon where there is nothing else to do, and at intervals or counts where there is")
    func intervals() {
        var schedule = announced()
        schedule.noteHandled()
        #expect(!schedule.isDue(isIdle: false, at: .milliseconds(20)))
        #expect(schedule.isDue(isIdle: true, at: .milliseconds(20)))
        #expect(schedule.isDue(isIdle: false, at: .seconds(1)))
        for _ in 1..<CommitSchedule.countMax { schedule.noteHandled() }
        #expect(schedule.isDue(isIdle: false, at: .zero))
    }

    @Test("what a refused commit would have said, the next one says")
    func refused() {
        var schedule = announced()
        schedule.noteHandled()
        schedule.send(at: .seconds(1))
        #expect(schedule.count == 0)
        schedule.noteHandled()
        schedule.answer(isAccepted: false, at: .seconds(1))
        #expect(schedule.count == 2 && schedule.isAnnounced)
        #expect(schedule.isDue(isIdle: false, at: .seconds(3)))
    }

    @Test("the answer to a commit of partitions that have gone announces nothing of the new ones")
    func gone() {
        var schedule = announced()
        schedule.noteHandled()
        schedule.send(at: .zero)
        schedule.begin()
        #expect(!schedule.isDue(isIdle: true, at: .seconds(1)), "the old one is still on its way")
        schedule.answer(isAccepted: true, at: .seconds(1))
        #expect(!schedule.isAnnounced && schedule.isDue(isIdle: true, at: .seconds(1)))
        #expect(schedule.count == 0)
    }

    @Test("an answer that takes long is noticed")
    func overdue() {
        var schedule = announced()
        schedule.send(at: .seconds(1))
        #expect(!schedule.isOverdue(at: .seconds(1) + CommitSchedule.patience))
        #expect(schedule.isOverdue(at: .seconds(2) + CommitSchedule.patience))
        schedule.answer(isAccepted: true, at: .seconds(9))
        #expect(!schedule.isOverdue(at: .seconds(100)))
    }
}
