import Glibc
import Synchronization
import Threading

/// HTTP/1.1 over libmicrohttpd: a request value in, an answer value out. The one owner of the library.
///
/// A handler is called on one of the server's own threads, which serves no other connection meanwhile: it must return
/// at once, and use `HTTPReply.later` for what takes time.
package final class HTTPServer: Sendable {
    /// The port that is listened on: the one asked for, or the one that the system chose for 0.
    package let port: UInt16

    private let context: ServerContext
    private let daemon: Daemon
    private let acceptor: Acceptor
    private let isStopped = Lock(false)

    /// Starts to accept connections.
    /// - Parameters:
    ///   - host: an IPv4 or IPv6 address, or `localhost`.
    ///   - port: 0 lets the system choose.
    ///   - threads: how many threads serve connections; each connection stays with one.
    ///   - memory: what requests may hold, where a handler takes of it too; made from the limits where none is given.
    ///   - statistics: counts what the server refuses and closes by itself, for whoever asks.
    ///   - log: takes messages for the debug log, from any thread.
    ///   - warn: takes what whoever runs the server should know, at most a line in some seconds, from any thread; `log`
    ///     takes it where none is given.
    ///   - refuse: makes the answer to a request that is refused before a handler sees it, from any thread; it is given the
    ///     request where its head was read.
    ///   - admit: sees each request when its head is read, before its body comes, and returns the answer to one that is
    ///     not let in; the connection is closed where a body would follow. From several threads at once.
    ///   - tls: makes it HTTPS, with this certificate until `renew` gives another one.
    ///   - proxies: are believed when they say for whom they ask; limits then count the clients behind them.
    ///   - handler: answers a request, from several threads at once.
    package init(
        host: String, port: UInt16, threads: Int, limits: HTTPLimits = HTTPLimits(),
        memory: RequestMemory? = nil,
        statistics: HTTPStatistics = HTTPStatistics(),
        log: @escaping @Sendable (String) -> Void,
        warn: (@Sendable (String) -> Void)? = nil,
        refuse: @escaping @Sendable (HTTPRefusal, HTTPRequest?) -> HTTPResponse,
        admit: (@Sendable (HTTPRequest) -> HTTPResponse?)? = nil,
        tls: TLSCredentials? = nil,
        proxies: TrustedProxies? = nil,
        handler: @escaping @Sendable (HTTPRequest) -> HTTPReply
    ) throws(HTTPServerError) {
        try limits.check(threads: threads)
        for setting in limits.described { log("\(setting.name) = \(setting.value)") }
        let socket = try ListeningSocket.open(host: host, port: port, backlog: limits.listenBacklog)
        self.port = socket.port
        context = ServerContext(
            limits: limits, threads: threads, memory: memory ?? RequestMemory(limits), statistics: statistics, log: log,
            warn: warn ?? log, refuse: refuse, admit: admit, tls: tls, proxies: proxies,
            handler: handler)
        do throws(HTTPServerError) {
            daemon = try Daemon(serving: context, threads: threads)
        } catch {
            close(socket.descriptor)
            throw error
        }
        do throws(HTTPServerError) {
            acceptor = try Acceptor(listeningOn: socket.descriptor, for: daemon, context)
        } catch {
            daemon.stop()
            context.caretaker.stop()
            throw error
        }
    }

    deinit {
        stop()
    }

    /// Gives new connections another certificate; a server of plain HTTP has none.
    package func renew(_ credentials: TLSCredentials) {
        context.tls?.renew(credentials)
    }

    /// Closes new connections at once, ends streams, lets requests in flight finish for `graceSecondsMax`, answers 503 to those that
    /// still wait for a `later` answer, and ends. Returns when the port is free. Not to be called by a handler, whose
    /// end it waits for. Calling it again does nothing.
    package func stop() {
        isStopped.withLock { isStopped in
            guard !isStopped else { return }
            isStopped = true
            context.isDraining.store(true, ordering: .relaxed)
            // Streams do not end by themselves, so there is nothing to wait for.
            context.streams.close()
            wait(.seconds(1)) { !context.streams.all.isEmpty }
            for stream in context.streams.all { stream.breakOff(.ended) }
            waitForRequests(.seconds(context.limits.graceSecondsMax))
            context.uploads.close()
            context.caretaker.interrupt()
            let refusal = HTTPRefusal(status: 503, detail: "the server is being stopped")
            let left = context.suspended.close { context.refuse(refusal) }
            if left > 0 {
                context.log("answered 503 to \(left) requests that were not done when the server was stopped")
                waitForRequests(.seconds(1))
            }
            acceptor.stop()
            daemon.stop()
            context.caretaker.stop()
        }
    }

    private func waitForRequests(_ time: Duration) {
        wait(time) { context.connections.hasRequests }
    }

    private func wait(_ time: Duration, while condition: () -> Bool) {
        let end = ContinuousClock.now + time
        while condition(), ContinuousClock.now < end { usleep(2000) }
    }
}
