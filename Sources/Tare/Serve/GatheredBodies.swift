import Dispatch
import HTTPServer
import ModelService
import Program
import Threading

/// Small bodies of many clients, which are worked off together: while some are synced, the next ones gather. One thread does
/// it all. With a thread for each, to wake it twice takes longer than to record a row.
final class GatheredBodies: Sendable {
    struct Body: Sendable {
        let request: HTTPRequest
        let responder: any HTTPResponder
        /// Names the request in the log.
        let name: String?
    }

    private struct State {
        /// In the order in which they came.
        var waiting: [Body] = []
        var isBusy = false
    }

    /// How many are worked off at once, so that none waits long for the others.
    private static let togetherMax = 64

    private let state = Lock(State())
    private let queue = DispatchQueue(label: "tare.gathered", qos: .utility)
    private let waitingMax: Int
    private let deadlines: Deadlines
    private let answer: @Sendable ([Body]) -> Void

    /// - Parameters:
    ///   - waitingMax: how many may wait; more are refused with 503.
    ///   - answer: answers each of them; is never called twice at a time.
    init(waitingMax: Int, deadlines: Deadlines, answer: @escaping @Sendable ([Body]) -> Void) {
        self.waitingMax = waitingMax
        self.deadlines = deadlines
        self.answer = answer
    }

    /// Answers when it is its turn, or with 503 where that takes too long.
    func reply(to request: HTTPRequest) -> HTTPReply {
        .later { [self] responder in
            let body = Body(
                request: request, responder: deadlines.responder(responder, toBytes: request.body.count),
                name: RequestContext.id)
            let (isTaken, isFirst) = state.withLock { state in
                guard state.waiting.count < waitingMax else { return (false, false) }
                state.waiting.append(body)
                defer { state.isBusy = true }
                return (true, !state.isBusy)
            }
            if isFirst { queue.async { [self] in workOff() } }
            if !isTaken {
                body.responder.respond(
                    Problem(
                        503, "\(waitingMax) requests wait for the database already; try again later",
                        headers: [HTTPField("Retry-After", "1")]
                    ).response)
            }
        }
    }

    private func workOff() {
        ThreadPriority.behind.take()
        while let bodies = next() { answer(bodies) }
    }

    /// Nil where none waits.
    private func next() -> [Body]? {
        state.withLock { state in
            let bodies = Array(state.waiting.prefix(Self.togetherMax))
            state.waiting.removeFirst(bodies.count)
            state.isBusy = !bodies.isEmpty
            return bodies.isEmpty ? nil : bodies
        }
    }
}
