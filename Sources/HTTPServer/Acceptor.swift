import Glibc
import Synchronization
import Threading

/// A thread of its own that accepts connections. It hands them to the library, or turns them away where there is no room: of
/// those the threads that serve the others never hear. It stands behind them where all want a processor, so that many
/// new clients at once keep nobody waiting who is served already.
final class Acceptor: Sendable {
    /// Of what may linger: the rest is for requests that were refused.
    private static let lingeringMax = 32
    /// Until another try, where the system has no more to give.
    private static let pauseMicroseconds: UInt32 = 50_000

    /// Of those that are turned away so many are answered in a second, and so many at once; the others are closed.
    static let (answersPerSecond, answersAtOnce) = (1_000, 256)

    private let socket: Int32
    private let context: ServerContext
    private let daemon: Daemon
    private let thread = Lock<OwnThread?>(nil)

    /// Starts to accept.
    /// - Parameter socket: bound and listening; closed by `stop`, or where this throws.
    init(listeningOn socket: Int32, for daemon: Daemon, _ context: ServerContext) throws(HTTPServerError) {
        self.socket = socket
        self.context = context
        self.daemon = daemon
        let isStarted = thread.withLock { thread in
            thread = OwnThread("tare-accept", .farBehind) { [self] in run() }
            return thread != nil
        }
        guard isStarted else {
            close(socket)
            throw .library("no thread could be started")
        }
    }

    /// Returns when the thread has ended and the port is free.
    func stop() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        // It ends the thread's wait.
        shutdown(socket, Int32(SHUT_RDWR))
        thread.join()
        close(socket)
    }

    private var isStopping: Bool { thread.withLock { $0 == nil } }

    private func run() {
        var shortage = RepeatedNotice()
        var answers = TokenBucket(
            perSecond: Double(Self.answersPerSecond), max: Double(Self.answersAtOnce), at: .now)
        while !isStopping {
            guard let (descriptor, address) = accept() else {
                if Self.isShortage(errno) { wait(&shortage, errno) }
                continue
            }
            take(descriptor, from: address, &answers)
            ThreadPriority.giveWay()
        }
    }

    private func accept() -> (descriptor: Int32, address: SocketAddress)? {
        var address = SocketAddress()
        let descriptor = unsafe address.receive { unsafe Glibc.accept(socket, $0, $1) }
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return (descriptor, address)
    }

    private func take(_ descriptor: Int32, from address: SocketAddress, _ answers: inout TokenBucket) {
        guard !context.isDraining.load(ordering: .relaxed) else {
            close(descriptor)
            return
        }
        let peer = address.host
        guard let refusal = context.admitConnection(from: peer) else {
            if !daemon.add(descriptor, from: address) { context.connections.discount(peer) }
            return
        }
        // Under TLS an answer would take a whole handshake, and that for a crowd takes time from those who are served.
        if context.tls == nil, answers.take(at: .now) {
            answer(descriptor, refusal)
        } else {
            drop(descriptor)
        }
    }

    private func answer(_ descriptor: Int32, _ refusal: HTTPRefusal) {
        RawAnswer.send(context.refuse(refusal), to: descriptor)
        shutdown(descriptor, Int32(SHUT_WR))
        context.caretaker.linger(on: descriptor, max: Self.lingeringMax)
        close(descriptor)
    }

    /// The system forgets it at once: nothing is kept of thousands that come in a second.
    private func drop(_ descriptor: Int32) {
        context.statistics.noteClose(.excess)
        var reset = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }

    // MARK: What the system has no more of

    private static func isShortage(_ error: Int32) -> Bool { [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error) }

    private func wait(_ shortage: inout RepeatedNotice, _ error: Int32) {
        shortage.note()
        if let due = shortage.due(at: .now) {
            let reason = unsafe String(cString: strerror(error))
            context.warn("new connections wait (\(due.total) times since the start): accept: \(reason)")
        }
        usleep(Self.pauseMicroseconds)
    }
}
