import Dispatch
import HTTPServer
import ModelService
import Program
import Threading

/// Threads for work that may block on a database, apart from those that serve predictions, and behind them.
final class WorkQueue: Sendable {
    /// Each of them runs one piece of work at a time, on a thread that the system gives it at once. A queue for all would
    /// wait a second for each further thread while those that it has block.
    private let free: Lock<[DispatchQueue]>
    private let pendingMax: Int
    private let deadlines: Deadlines

    /// - Parameter pendingMax: how many pieces of work may run; more are refused with 503.
    init(pendingMax: Int, deadlines: Deadlines) {
        self.pendingMax = pendingMax
        self.deadlines = deadlines
        free = Lock((0..<pendingMax).map { DispatchQueue(label: "tare.work.\($0)", qos: .utility) })
    }

    /// Answers with what `work` returns, or with 503 where that takes too long.
    /// - Parameter bytes: of the request's body.
    func reply(to bytes: Int = 0, _ work: @escaping @Sendable () -> HTTPResponse) -> HTTPReply {
        .later { [self] responder in
            guard let lane = free.withLock({ $0.popLast() }) else {
                return responder.respond(
                    Problem(
                        503, "\(pendingMax) requests wait for the database already; try again later",
                        headers: [HTTPField("Retry-After", "1")]
                    ).response)
            }
            let responder = deadlines.responder(responder, toBytes: bytes)
            lane.async(
                execute: RequestContext.carrying { [self] in
                    ThreadPriority.behind.take()
                    let response = work()
                    free.withLock { $0.append(lane) }
                    responder.respond(response)
                })
        }
    }
}
