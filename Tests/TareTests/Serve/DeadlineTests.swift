import Dispatch
import HTTPServer
import Testing
import Threading

@testable import Tare

/// Notes what it is given.
private final class Answers: HTTPResponder {
    private let given = Lock<[Int]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func respond(_ response: HTTPResponse) {
        given.withLock { $0.append(response.status) }
        arrived.signal()
    }

    /// The statuses, once there is one.
    func wait() -> [Int] {
        arrived.wait()
        return given.withLock { $0 }
    }

    var statuses: [Int] { given.withLock { $0 } }
}

@Suite("How long a request may take")
struct DeadlineTests {
    private static let ok = HTTPResponse(status: 200, headers: [], body: [])

    @Test("work that hangs is answered with 503 once its time is over, and what it gives later is dropped")
    func hangs() {
        let answers = Answers()
        let responder = Deadlines().responder(answers, within: 0)
        #expect(answers.wait() == [503])
        responder.respond(Self.ok)
        #expect(answers.statuses == [503])
    }

    @Test("work that is done in time is answered once, with what it gave")
    func done() {
        let (slow, quick) = (Answers(), Answers())
        let deadlines = Deadlines()
        _ = deadlines.responder(slow, within: 0)
        let responder = deadlines.responder(quick, within: 60)
        responder.respond(Self.ok)
        responder.respond(Self.ok)
        #expect(slow.wait() == [503] && quick.statuses == [200])
    }

    @Test("as many pieces of work as are allowed run side by side, though all block; one more is refused at once")
    func sideBySide() {
        let count = 16
        let work = WorkQueue(pendingMax: count, deadlines: Deadlines())
        let (begun, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let all = (0..<count).map { _ in Answers() }
        for answers in all {
            start(work, answers) {
                begun.signal()
                gate.wait()
            }
        }
        for _ in 0..<count { begun.wait() }
        let refused = Answers()
        start(work, refused) {}
        #expect(refused.wait() == [503])
        for _ in 0..<count { gate.signal() }
        for answers in all { #expect([[200], [503]].contains(answers.wait())) }
        // There is room again.
        let next = Answers()
        start(work, next) {}
        #expect(next.wait() == [200])
    }

    private func start(_ work: WorkQueue, _ answers: Answers, _ body: @escaping @Sendable () -> Void) {
        let reply = work.reply {
            body()
            return Self.ok
        }
        guard case .later(let start) = reply else {
            Issue.record("answered at once")
            return
        }
        start(answers)
    }
}
