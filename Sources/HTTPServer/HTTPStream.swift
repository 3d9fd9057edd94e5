import CMicroHTTPD
import Glibc
import Threading

/// The way to send an answer that has no end yet. Bytes wait in a bounded queue until the client takes them; while there
/// are none, the connection is suspended. Whoever sends never waits.
///
/// The connection is used only between `begin` and `detach`, both on its own thread; libmicrohttpd keeps it that long.
package final class HTTPStream: Sendable {
    /// Why a stream was broken off.
    enum Break {
        /// Its client hung up.
        case ended
        /// Its client does not read, or reads slower than bytes come.
        case slow
    }

    private struct State {
        var queue: StreamQueue
        /// Nil before the answer is queued, and once the library is done with it.
        var exchange: Exchange?
        var isSuspended = false
        var isDetached = false
    }

    /// The connection's socket; it is closed after `detach`.
    let descriptor: Int32
    private let state: Lock<State>
    private let note: @Sendable (Break) -> Void

    /// - Parameter note: is told when the stream is broken off.
    init(descriptor: Int32, bytesMax: Int, note: @escaping @Sendable (Break) -> Void) {
        self.descriptor = descriptor
        self.note = note
        state = Lock(State(queue: StreamQueue(bytesMax: bytesMax)))
    }

    /// Sends bytes after those that were sent before; from any thread. Their array may be sent to several streams, which
    /// then share it.
    /// - Returns: false where the stream has ended, so that nothing more can be sent.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        let now = ContinuousClock.now
        let (isTaken, isBroken) = state.withLock { state in
            let wasOpen = state.queue.end == nil
            let isTaken = state.queue.add(bytes, at: now)
            if wasOpen, !isTaken { hangUp(&state) } else { Self.wake(&state) }
            return (isTaken, wasOpen && !isTaken)
        }
        if isBroken { note(.slow) }
        return isTaken
    }

    /// Ends the answer in order, once what waits is sent.
    package func finish() {
        state.withLock { state in
            state.queue.finish()
            Self.wake(&state)
        }
    }

    /// Whether nothing more can be sent.
    package var hasEnded: Bool { state.withLock { $0.isDetached || $0.queue.end != nil } }

    /// What the caretaker does with a stream whose client hung up, or takes nothing.
    func breakOff(_ reason: Break) {
        let isBroken = state.withLock { state in
            guard state.queue.end != .broken, !state.isDetached else { return false }
            state.queue.abandon()
            hangUp(&state)
            return true
        }
        if isBroken { note(reason) }
    }

    func isStalled(for patience: Duration, at now: ContinuousClock.Instant) -> Bool {
        state.withLock { !$0.isDetached && $0.queue.isStalled(for: patience, at: now) }
    }

    /// The library, which may wait for room in the socket, sees the end.
    private func hangUp(_ state: inout State) {
        if state.exchange != nil { shutdown(descriptor, Int32(SHUT_RDWR)) }
        Self.wake(&state)
    }

    private static func wake(_ state: inout State) {
        guard state.isSuspended, let exchange = state.exchange else { return }
        state.isSuspended = false
        unsafe MHD_resume_connection(exchange.connection)
    }
}

// MARK: - The library's side

extension HTTPStream {
    /// Before the answer is queued; on the connection's own thread.
    func begin(on exchange: Exchange) {
        state.withLock { $0.exchange = exchange }
    }

    /// The library is done with the answer; on the connection's own thread.
    func detach() {
        state.withLock { state in
            state.exchange = nil
            state.isDetached = true
            state.queue.abandon()
        }
    }

    /// - Returns: how many bytes were written, or one of the library's marks.
    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let now = ContinuousClock.now
        return state.withLock { state in
            switch unsafe state.queue.read(into: buffer, at: now) {
            case .bytes(let count): return count
            case .finished: return Int(tare_end_of_stream)
            case .broken:
                // The socket is shut down, which the library finds when it sends the byte. Told of an error here, it would close
                // the connection and, where it has just sent a part, forget to let go of it (0.9.75 with epoll).
                unsafe buffer[0] = UInt8(ascii: "\n")
                return 1
            case .nothing:
                guard let exchange = state.exchange else { return Int(tare_end_with_error) }
                state.isSuspended = true
                unsafe MHD_suspend_connection(exchange.connection)
                return 0
            }
        }
    }

    /// The library's own form of the answer, which holds this object until it is destroyed.
    var libraryResponse: OpaquePointer? {
        let held = unsafe Unmanaged.passRetained(self)
        let made = unsafe tare_stream_response(readStream, held.toOpaque(), letGoOfStream)
        if unsafe made == nil { unsafe held.release() }
        return unsafe made
    }
}

private func readStream(
    held: UnsafeMutableRawPointer?, position: UInt64, buffer: UnsafeMutablePointer<CChar>?, size: Int
) -> Int {
    guard let held = unsafe held, let buffer = unsafe buffer else { return Int(tare_end_with_error) }
    return unsafe Unmanaged<HTTPStream>.fromOpaque(held)._withUnsafeGuaranteedRef {
        unsafe $0.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
    }
}

/// The library calls this when it is done with the answer.
private func letGoOfStream(held: UnsafeMutableRawPointer?) {
    guard let held = unsafe held else { return }
    unsafe Unmanaged<HTTPStream>.fromOpaque(held).release()
}
