import Dispatch
import Foundation
import Glibc
import HTTPServer
import Synchronization
import Testing
import Threading

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

    @Test("stay for the next body, and end where none comes")
    func kept() throws {
        let threads = BodyThreads(threadsMax: 1, waitingMax: 1, deadlines: Deadlines(), idleMilliseconds: 2000)
        let first = folder(of: threads)
        for _ in 0..<3 { #expect(folder(of: threads) == first) }
        let deadline = ContinuousClock.now + .seconds(20)
        while FileManager.default.fileExists(atPath: first), ContinuousClock.now < deadline { sched_yield() }
        #expect(!FileManager.default.fileExists(atPath: first))
        #expect(folder(of: threads) != first)
    }

    /// Where the system tells of the thread that works off what is given to it.
    private func folder(of threads: BodyThreads) -> String {
        let done = DispatchSemaphore(value: 0)
        let folder = Lock("")
        let isTaken = threads.run {
            let name = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
            folder.withLock { $0 = "/proc/\(name ?? "")" }
            done.signal()
        }
        if isTaken { done.wait() }
        return folder.withLock { $0 }
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
