import CAllocator
import Dispatch
import HTTPServer
import ModelService
import Program
import Threading

/// Threads for what takes long to read: few, so that no more than as many bodies at a time take many times their size, and of
/// a low priority, so that whoever asks for one prediction goes first.
final class BodyThreads: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        /// Threads that work, or were told to.
        var running = 0
        /// Threads that have nothing to do.
        var idle = 0
    }

    private enum Helper { case none, idle, new }

    private let state = Lock(State())
    /// A signal is for a thread that is no longer counted as idle.
    private let signals = DispatchSemaphore(value: 0)
    private let answers = AnswerThread()
    private let threadsMax: Int
    private let waitingMax: Int
    private let deadlines: Deadlines
    private let idleMilliseconds: Int

    /// - Parameters:
    ///   - threadsMax: how many bodies are worked off at a time.
    ///   - waitingMax: how many may wait for that; more are refused with 503.
    ///   - idleMilliseconds: how long a thread waits for the next body. To begin one, and to give back its memory, takes as
    ///     long as to read some hundred rows.
    init(threadsMax: Int, waitingMax: Int, deadlines: Deadlines, idleMilliseconds: Int = 500) {
        self.threadsMax = threadsMax
        self.waitingMax = waitingMax
        self.deadlines = deadlines
        self.idleMilliseconds = idleMilliseconds
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
        let (isTaken, helper) = state.withLock { state in
            guard state.running < threadsMax || state.waiting.count < waitingMax else { return (false, Helper.none) }
            state.waiting.append(work)
            guard state.running < threadsMax else { return (true, .none) }
            state.running += 1
            guard state.idle > 0 else { return (true, .new) }
            state.idle -= 1
            return (true, .idle)
        }
        switch helper {
        case .none: break
        case .idle: signals.signal()
        case .new:
            let isBegun = OwnThread.detach("tare-body", .farBehind) { self.workOff() }
            // The next body tries again, or a thread that works comes to this one.
            if !isBegun { state.withLock { $0.running -= 1 } }
        }
        return isTaken
    }

    var refusal: HTTPResponse {
        Problem(
            503, "\(waitingMax) large requests wait already; try again later",
            headers: [HTTPField("Retry-After", "1")]
        ).response
    }

    private func workOff() {
        repeat {
            while let work = next() { work() }
        } while isNeededAgain()
        answers.run { tare_give_back() }
    }

    /// The first that waits; nil where this thread has nothing to do.
    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.running -= 1
            state.idle += 1
            return nil
        }
    }

    /// Waits for a while.
    /// - Returns: false where the thread is to end.
    private func isNeededAgain() -> Bool {
        if signals.wait(timeout: .now() + .milliseconds(idleMilliseconds)) == .success { return true }
        let isOver = state.withLock { state in
            guard state.idle > 0 else { return false }
            state.idle -= 1
            return true
        }
        // Where none is idle, each was given a signal, at the last moment.
        if !isOver { signals.wait() }
        return !isOver
    }
}
