import CMicroHTTPD
import Synchronization
import Threading

/// The requests that wait for a `later` answer. All suspending and resuming happens under one lock, which gives what
/// the library asks for: a connection is resumed once, and none is suspended any more when the daemon is stopped.
final class SuspendedRequests: Sendable {
    private struct State {
        var waiting: [UInt64: Exchange] = [:]
        var nextTicket: UInt64 = 0
        var isClosed = false
    }

    private let state = Lock(State())
    private let max: Int

    init(max: Int) {
        self.max = max
    }

    /// Suspends the connection of a request; only on the connection's own thread.
    /// - Returns: the ticket to answer with, or nil where no further request may wait.
    func suspend(_ exchange: Exchange) -> UInt64? {
        state.withLock { state in
            guard !state.isClosed, state.waiting.count < max else { return nil }
            let ticket = state.nextTicket
            state.nextTicket += 1
            state.waiting[ticket] = exchange
            unsafe MHD_suspend_connection(exchange.connection)
            return ticket
        }
    }

    /// Answers the request of a ticket, once; from any thread. The library then calls back on the connection's own
    /// thread, and the answer is queued there.
    func answer(_ ticket: UInt64, with response: HTTPResponse) {
        state.withLock { state in
            guard let exchange = state.waiting.removeValue(forKey: ticket) else { return }
            Self.resume(exchange, with: response)
        }
    }

    /// Answers all that wait, and lets no other wait from now on.
    func close(answer: () -> HTTPResponse) -> Int {
        state.withLock { state in
            let count = state.waiting.count
            for exchange in state.waiting.values { Self.resume(exchange, with: answer()) }
            state.waiting = [:]
            state.isClosed = true
            return count
        }
    }

    private static func resume(_ exchange: Exchange, with response: HTTPResponse) {
        exchange.lateAnswer = response
        unsafe MHD_resume_connection(exchange.connection)
    }
}

/// Answers one suspended request.
final class SuspendedResponder: HTTPResponder {
    private let ticket: UInt64
    private let server: ServerContext
    private let isAnswered = Atomic<Bool>(false)

    init(ticket: UInt64, server: ServerContext) {
        self.ticket = ticket
        self.server = server
    }

    func respond(_ response: HTTPResponse) {
        isAnswered.store(true, ordering: .relaxed)
        server.suspended.answer(ticket, with: response)
    }

    deinit {
        guard !isAnswered.load(ordering: .relaxed) else { return }
        let refusal = HTTPRefusal(status: 500, detail: "the request was given up without an answer")
        server.suspended.answer(ticket, with: server.refuse(refusal))
    }
}
