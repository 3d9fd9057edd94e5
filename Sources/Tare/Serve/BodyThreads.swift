import CAllocator
import Foundation
import Glibc
import HTTPServer
import Locking
import ModelService

/// Threads for what takes long to read: few, so that no more than as many bodies at a time take many times their size, and of
/// a low priority, so that whoever asks for one prediction goes first.
final class BodyThreads: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var running = 0
    }

    /// Lower than that of all others by so many steps, each of which is about a quarter of the time.
    private static let niceness: Int32 = 10

    private let state = Lock(State())
    private let answers = AnswerThread()
    private let threadsMax: Int
    private let waitingMax: Int
    private let deadlines: Deadlines

    /// - Parameters:
    ///   - threadsMax: how many bodies are worked off at a time.
    ///   - waitingMax: how many may wait for that; more are refused with 503.
    init(threadsMax: Int, waitingMax: Int, deadlines: Deadlines) {
        self.threadsMax = threadsMax
        self.waitingMax = waitingMax
        self.deadlines = deadlines
    }

    /// Answers with what `work` returns, or with 503 where that takes too long.
    func reply(to request: HTTPRequest, _ work: @escaping @Sendable () -> HTTPResponse) -> HTTPReply {
        .later { [self] responder in
            let responder = deadlines.responder(responder, toBytes: request.body.count)
            let isTaken = run { [answers] in
                let response = work()
                answers.run { responder.respond(response) }
            }
            if !isTaken { responder.respond(refusal) }
        }
    }

    /// Reads with `read`, then gives what it returns to `use`, on a thread of ordinary priority.
    /// - Returns: false where too many wait already.
    func run<Read: Sendable>(
        _ read: @escaping @Sendable () -> Read, then use: @escaping @Sendable (Read) -> Void
    ) -> Bool {
        run { [answers] in
            let read = read()
            answers.run(RequestContext.carrying { use(read) })
        }
    }

    /// - Returns: false where too many wait already.
    func run(_ work: @escaping @Sendable () -> Void) -> Bool {
        let work = RequestContext.carrying(work)
        let (isTaken, needsThread) = state.withLock { state in
            guard state.running < threadsMax || state.waiting.count < waitingMax else { return (false, false) }
            state.waiting.append(work)
            guard state.running < threadsMax else { return (true, false) }
            state.running += 1
            return (true, true)
        }
        if needsThread { Thread.detachNewThread { self.workOff() } }
        return isTaken
    }

    var refusal: HTTPResponse {
        Problem(
            503, "\(waitingMax) large requests wait already; try again later",
            headers: [HTTPField("Retry-After", "1")]
        ).response
    }

    private func workOff() {
        // On Linux, 0 is the thread that asks and not the process.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
        while let work = next() { work() }
        answers.run { tare_give_back() }
    }

    /// The first that waits; nil where this thread is not needed any more.
    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.running -= 1
            return nil
        }
    }
}
