import Dispatch
import Glibc
import HTTPServer
import Synchronization
import Testing

@testable import Tare

@Suite("Threads for large bodies")
struct BodyThreadsTests {
    @Test("work off as many at a time as they may, the others after these, and refuse what is beyond")
    func bounded() {
        let threads = BodyThreads(threadsMax: 2, waitingMax: 3, deadlines: Deadlines())
        let gate = DispatchSemaphore(value: 0)
        let (begun, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let running = Atomic(0)
        let most = Atomic(0)
        let work: @Sendable () -> Void = {
            let now = running.add(1, ordering: .relaxed).newValue
            most.max(now, ordering: .relaxed)
            begun.signal()
            gate.wait()
            running.subtract(1, ordering: .relaxed)
            done.signal()
        }
        #expect(threads.run(work) && threads.run(work))
        for _ in 0..<2 { begun.wait() }
        #expect(threads.run(work) && threads.run(work) && threads.run(work))
        #expect(!threads.run(work))
        #expect(threads.refusal.status == 503 && threads.refusal.header("Retry-After") == "1")
        for _ in 0..<5 { gate.signal() }
        for _ in 0..<5 { done.wait() }
        #expect(most.load(ordering: .relaxed) == 2)
        gate.signal()
        #expect(threads.run(work))
        done.wait()
    }

    @Test("go behind those that serve predictions")
    func priority() {
        let threads = BodyThreads(threadsMax: 1, waitingMax: 1, deadlines: Deadlines())
        let done = DispatchSemaphore(value: 0)
        let niceness = Atomic<Int32>(-100)
        let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        #expect(
            threads.run {
                niceness.store(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0), ordering: .relaxed)
                done.signal()
            })
        done.wait()
        #expect(niceness.load(ordering: .relaxed) == min(19, max(own, 10)))
        #expect(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) == own)
    }
}
