import CMicroHTTPD

/// The library's daemon: its threads and its connections, which it is given.
///
/// Unchecked: the pointer never changes, and the library's functions on it are safe from any thread ("All functions
/// are guaranteed to be completely reentrant and thread-safe", microhttpd.h).
@safe final class Daemon: @unchecked Sendable {
    private let handle: OpaquePointer
    /// The daemon holds it unretained.
    private let context: ServerContext

    init(serving context: ServerContext, threads: Int) throws(HTTPServerError) {
        _ = Callbacks.installPanic
        guard ReceiveHook.isInPlace, context.tls == nil || TLSHook.isInPlace else { throw .unwatched }
        guard context.caretaker.start() else { throw .library("no thread could be started") }
        var settings = unsafe Callbacks.settings(context: context, threads: threads)
        guard let handle = unsafe tare_start_daemon(&settings) else {
            context.caretaker.stop()
            throw .library(context.lastLibraryMessage ?? "it gives no reason")
        }
        unsafe self.handle = unsafe handle
        self.context = context
    }

    /// Serves a connection on one of the threads, and closes it in the end, also where it could not be taken.
    /// - Parameter descriptor: does not block.
    /// - Returns: false where it could not be taken.
    func add(_ descriptor: Int32, from address: SocketAddress) -> Bool {
        unsafe address.hand { unsafe MHD_add_connection(handle, descriptor, $0, $1) } == .YES
    }

    /// Ends the threads and closes what is open. No request may be suspended. Must be called once.
    func stop() {
        unsafe MHD_stop_daemon(handle)
    }
}
