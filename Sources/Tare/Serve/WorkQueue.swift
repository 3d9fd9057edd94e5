import Dispatch
import HTTPServer
import Synchronization

/// Threads for work that may block on a database, apart from those that serve predictions.
final class WorkQueue: Sendable {
    private let queue = DispatchQueue(label: "tare.work", attributes: .concurrent)
    private let pending = Mutex(0)
    private let pendingMax: Int

    /// - Parameter pendingMax: how many pieces of work may wait or run; more are refused with 503.
    init(pendingMax: Int) {
        self.pendingMax = pendingMax
    }

    /// Answers with what `work` returns, once a thread has come to it.
    func reply(_ work: @escaping @Sendable () -> HTTPResponse) -> HTTPReply {
        guard enter() else {
            return .now(
                Problem(
                    503, "\(pendingMax) requests wait for the database already; try again later",
                    headers: [HTTPField("Retry-After", "1")]
                ).response)
        }
        return .later { [self] responder in
            queue.async { [self] in
                defer { leave() }
                responder.respond(work())
            }
        }
    }

    private func enter() -> Bool {
        pending.withLock { pending in
            guard pending < pendingMax else { return false }
            pending += 1
            return true
        }
    }

    private func leave() {
        pending.withLock { $0 -= 1 }
    }
}
