import CMicroHTTPD

/// The library's daemon: its threads, its listening socket and its connections.
///
/// Unchecked: the pointer never changes, and the library's functions on it are safe from any thread ("All functions
/// are guaranteed to be completely reentrant and thread-safe", microhttpd.h).
@safe final class Daemon: @unchecked Sendable {
    private let handle: OpaquePointer
    /// The daemon holds it unretained.
    private let context: ServerContext

    /// - Parameter socket: bound and listening; the daemon closes it.
    init(serving context: ServerContext, listeningOn socket: Int32, threads: Int) throws(HTTPServerError) {
        _ = Callbacks.installPanic
        guard ReceiveHook.isInPlace, context.tls == nil || TLSHook.isInPlace else { throw .unwatched }
        guard context.caretaker.start() else { throw .library("no thread could be started") }
        var settings = unsafe Callbacks.settings(context: context, socket: socket, threads: threads)
        guard let handle = unsafe tare_start_daemon(&settings) else {
            context.caretaker.stop()
            throw .library(context.lastLibraryMessage ?? "it gives no reason")
        }
        unsafe self.handle = unsafe handle
        self.context = context
    }

    /// Ends the threads and closes what is open. No request may be suspended. Must be called once.
    func stop() {
        unsafe MHD_stop_daemon(handle)
    }
}
