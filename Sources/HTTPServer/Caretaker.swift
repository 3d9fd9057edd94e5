import Glibc
import Threading

/// A thread of its own that does what takes time and no handler: it closes connections whose clients hung up, whose
/// requests drip in or whose answers are not taken, ends streams that nobody reads, gives uploads their turns, and reads on
/// for clients that were refused in the middle of what they send. A socket that is
/// closed with bytes unread makes the system drop the answer on its way. It stands behind the threads that answer: whoever
/// is refused in the middle of a large body keeps nobody waiting who is served.
final class Caretaker: Sendable {
    private struct Lingering {
        let descriptor: Int32
        let until: ContinuousClock.Instant
    }

    private struct State {
        var arrived: [Lingering] = []
        var lingeringCount = 0
        var isStopping = false
        var thread: OwnThread?
    }

    static let lingeringMax = 64

    private let connections: ConnectionTable
    private let streams: OpenStreams
    private let uploads: PacedUploads
    private let proxied: ProxiedClients?
    private let memory: RequestMemory
    private let statistics: HTTPStatistics
    private let patience: ConnectionWatch.Patience
    private let lookEvery: Duration
    private let lingerFor: Duration
    /// Makes the answer to a request that is not complete in time.
    let timeout: @Sendable () -> HTTPResponse
    private let log: @Sendable (String) -> Void
    private let warn: @Sendable (String) -> Void
    private let state = Lock(State())
    /// A byte written to one end ends the thread's wait at the other.
    private let wake: (read: Int32, write: Int32)

    /// - Parameter timeout: makes the answer to a request that is not complete in time.
    init(
        limits: HTTPLimits, connections: ConnectionTable, streams: OpenStreams, uploads: PacedUploads,
        proxied: ProxiedClients?, memory: RequestMemory, statistics: HTTPStatistics,
        timeout: @escaping @Sendable () -> HTTPResponse,
        log: @escaping @Sendable (String) -> Void, warn: @escaping @Sendable (String) -> Void
    ) {
        self.connections = connections
        self.streams = streams
        self.uploads = uploads
        self.proxied = proxied
        self.memory = memory
        self.statistics = statistics
        self.timeout = timeout
        self.log = log
        self.warn = warn
        patience = ConnectionWatch.Patience(
            request: .seconds(limits.requestSecondsMax), response: .seconds(limits.responseSecondsMax),
            idle: .seconds(limits.connectionSecondsMax), refused: .seconds(limits.lingerSecondsMax))
        lookEvery = min(.seconds(1), min(patience.request, patience.response, patience.idle) / 4)
        lingerFor = .seconds(limits.lingerSecondsMax)
        var ends: [Int32] = [-1, -1]
        unsafe pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        wake = (ends[0], ends[1])
    }

    deinit {
        close(wake.read)
        close(wake.write)
    }

    func start() -> Bool {
        state.withLock { state in
            state.thread = OwnThread("tare-caretaker", .behind) { [unowned self] in run() }
            return state.thread != nil
        }
    }

    /// Returns when the thread has ended.
    func stop() {
        let thread = state.withLock { state in
            state.isStopping = true
            return state.thread.take()
        }
        guard let thread else { return }
        interrupt()
        thread.join()
    }

    /// Makes the thread look at once, as a stream began, whose end is to be seen, or an upload waits for its turn. A full
    /// pipe says it already.
    func interrupt() {
        var byte: UInt8 = 1
        _ = unsafe write(wake.write, &byte, 1)
    }

    /// Keeps a socket from being closed for good, whatever the library does with it, until the client has read its
    /// answer and hung up, or the time is over.
    /// - Parameter max: where so many are kept already, it is not.
    func linger(on descriptor: Int32, max: Int = Caretaker.lingeringMax) {
        let isFirst = state.withLock { state in
            guard !state.isStopping, state.lingeringCount < max else { return false }
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
            guard copy >= 0 else { return false }
            state.lingeringCount += 1
            state.arrived.append(Lingering(descriptor: copy, until: .now + lingerFor))
            return state.lingeringCount == 1
        }
        // While there are others, the thread looks soon without it.
        if isFirst { interrupt() }
    }
}

// MARK: - The thread

extension Caretaker {
    private func run() {
        var lingering: [Lingering] = []
        var nextLook = ContinuousClock.now + lookEvery
        var nextDrain = ContinuousClock.now
        while takeArrived(into: &lingering) {
            let open = streams.all.filter { !$0.hasEnded }
            let nextTurn = uploads.giveDue(at: .now)
            let until = min(nextLook, nextTurn ?? nextLook, lingering.isEmpty ? nextLook : nextDrain)
            for index in wait(for: open, until: until) { open[index].breakOff(.ended) }
            let now = ContinuousClock.now
            if now >= nextDrain {
                drop(&lingering, at: now)
                nextDrain = now + Self.drainEvery
            }
            if now >= nextLook {
                look(at: now)
                nextLook = now + lookEvery
            }
        }
        for one in lingering { close(one.descriptor) }
    }

    /// - Returns: false when the thread is to end.
    private func takeArrived(into lingering: inout [Lingering]) -> Bool {
        state.withLock { state in
            lingering += state.arrived
            state.arrived = []
            return !state.isStopping
        }
    }

    /// - Returns: which of the streams have lost their clients. The library does not look at a suspended connection.
    private func wait(for open: [HTTPStream], until time: ContinuousClock.Instant) -> [Int] {
        var sockets = [pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0)]
        sockets += open.map { pollfd(fd: $0.descriptor, events: Self.clientGone, revents: 0) }
        let milliseconds = (time - .now) / .milliseconds(1)
        unsafe poll(&sockets, nfds_t(sockets.count), Int32(clamping: Int(max(0, milliseconds).rounded(.up))))
        var bytes: [UInt8] = Array(repeating: 0, count: 64)
        _ = unsafe read(wake.read, &bytes, bytes.count)
        return sockets.suffix(open.count).enumerated().filter { $1.revents != 0 }.map(\.offset)
    }

    /// POLLRDHUP, which is not imported: the client has closed its side.
    private static let clientGone: Int16 = 0x2000

    /// Reads on for those that linger, and lets those go that hung up or whose time is over.
    private func drop(_ lingering: inout [Lingering], at now: ContinuousClock.Instant) {
        lingering.removeAll { one in
            ThreadPriority.giveWay()
            guard now >= one.until || !Self.drain(one.descriptor) else { return false }
            close(one.descriptor)
            state.withLock { $0.lingeringCount -= 1 }
            return true
        }
    }

    /// Drops what is there, a bounded piece at a time: a client that sends on as fast as it can is held to 25 MB a second.
    /// - Returns: false when the client has hung up.
    private static func drain(_ descriptor: Int32) -> Bool {
        // Nothing is copied: the system drops it.
        let count = recvfrom(descriptor, nil, drainBytes, Int32(MSG_DONTWAIT) | Int32(MSG_TRUNC), nil, nil)
        return count > 0 || count < 0 && (errno == EAGAIN || errno == EINTR)
    }

    private static let drainBytes = 256 * 1024
    private static let drainEvery = Duration.milliseconds(10)

    private func look(at now: ContinuousClock.Instant) {
        var closed: [ConnectionWatch.Overdue] = []
        connections.forEach { exchange, watch in
            let seen = exchange.current
            let overdue = watch.look(seen, at: now, patience: patience) { Self.report(exchange) }
            guard let overdue, exchange.cut(seen) else { return }
            // Under TLS the connection's own thread answers, once it sees the end: see `Exchange.receiveSecured`.
            let isAnswered = overdue == .request && exchange.tls != nil
            if overdue == .request, !isAnswered { RawAnswer.send(timeout(), to: exchange.descriptor) }
            shutdown(exchange.descriptor, Int32(isAnswered ? SHUT_RD : SHUT_RDWR))
            closed.append(overdue)
        }
        for stream in streams.all where stream.isStalled(for: patience.response, at: now) { stream.breakOff(.slow) }
        closed.forEach(statistics.note)
        for line in closed.compactMap(\.description) { log(line) }
        for notice in connections.dueNotices(at: now) + memory.dueNotices(at: now) { warn(notice) }
        if let notice = proxied?.dueNotice(at: now) { warn(notice) }
        if let notice = streams.dueNotice(at: now) { warn(notice) }
    }

    private static func report(_ exchange: Exchange) -> ConnectionWatch.SocketReport? {
        var info = tcp_info()
        var size = socklen_t(MemoryLayout<tcp_info>.size)
        guard unsafe getsockopt(exchange.descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &size) == 0 else {
            return nil
        }
        return ConnectionWatch.SocketReport(
            // The bytes of a handshake are no request; what is one, the connection's own thread tells.
            silence: exchange.tls == nil ? .milliseconds(info.tcpi_last_data_recv) : .seconds(Int32.max),
            hasEnded: Int(info.tcpi_state) == TCP_CLOSE_WAIT && exchange.hasEnded)
    }
}
