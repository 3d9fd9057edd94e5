import Glibc
import HTTPServer
import Synchronization
import Threading

/// Requests that wait until a test answers them.
final class Pile: Sendable {
    private let waiting = Lock<[(responder: any HTTPResponder, answer: HTTPResponse)]>([])

    func add(_ responder: any HTTPResponder, _ answer: HTTPResponse) {
        waiting.withLock { $0.append((responder, answer)) }
    }

    var count: Int { waiting.withLock { $0.count } }

    /// Answers all that wait, from the caller's thread.
    func answerAll() {
        let all = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for one in all { one.responder.respond(one.answer) }
    }
}

/// A thread that answers what is on a pile every millisecond.
final class Worker: Sendable {
    let pile = Pile()
    private let isDone = Atomic<Bool>(false)
    private let thread = Lock<Thread?>(nil)

    func start() throws {
        let thread = try Thread { [self] in
            while !isDone.load(ordering: .relaxed) {
                pile.answerAll()
                usleep(1000)
            }
        }
        self.thread.withLock { $0 = thread }
    }

    func stop() {
        isDone.store(true, ordering: .relaxed)
        thread.withLock { $0.take() }?.join()
    }
}
