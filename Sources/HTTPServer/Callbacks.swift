import CGnuTLS
import CMicroHTTPD
import Glibc
import Synchronization

/// The functions that the library calls on its threads. Each finds its Swift object and calls it: nothing more, as a
/// closure in actor-isolated code would compile here and trap there.
enum Callbacks {
    /// What to start a daemon with; it calls back with the context, which it does not keep alive.
    static func settings(context: ServerContext, threads: Int) -> tare_settings {
        let limits = context.limits
        // The library gives each thread its share of these, and counts a connection for a moment longer than
        // `ConnectionTable`. One too many would hold its lock for ever (0.9.75, new_connection_process_).
        let connections = (limits.connectionsMax + 1) * threads
        return unsafe tare_settings(
            threads: UInt32(threads), connection_memory: limits.connectionMemoryBytes,
            connections: UInt32(clamping: connections),
            access: access, completed: complete, connection: noteConnection, request_line: readRequestLine,
            log: log, certificate: context.tls == nil ? nil : tare_no_certificate(),
            cls: Unmanaged.passUnretained(context).toOpaque())
    }

    /// The library calls this when it finds itself broken, from whichever thread, then must not go on.
    static let installPanic: Void = unsafe MHD_set_panic_func(panic, nil)
}

private func server(_ context: UnsafeMutableRawPointer) -> ServerContext {
    unsafe Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue()
}

/// Calls a connection's exchange without counting a reference: the connection holds one, and every request would pay.
private func withExchange<Result>(_ context: UnsafeMutableRawPointer, _ body: (Exchange) -> Result) -> Result {
    unsafe Unmanaged<Exchange>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
}

private func noteConnection(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    stored: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, event: MHD_ConnectionNotificationCode
) {
    guard let context = unsafe context, let connection = unsafe connection, let stored = unsafe stored else { return }
    let server = unsafe server(context)
    switch event {
    case .CONNECTION_NOTIFY_STARTED:
        let exchange = unsafe Exchange(server: server, connection: connection)
        let held = unsafe Unmanaged.passRetained(exchange).toOpaque()
        unsafe stored.pointee = held
        server.statistics.noteOpened()
        server.connections.add(exchange)
        guard exchange.isWhole else { return exchange.hangUp() }
        // Without it the bytes would be read unseen.
        if unsafe !ReceiveHook.watch(exchange.descriptor, for: held) { exchange.hangUp() }
    case .CONNECTION_NOTIFY_CLOSED:
        guard let held = unsafe stored.pointee else { return }
        unsafe stored.pointee = nil
        let exchange = unsafe Unmanaged<Exchange>.fromOpaque(held).takeRetainedValue()
        ReceiveHook.forget(exchange.descriptor)
        server.uploads.forget(exchange)
        exchange.endStream()
        exchange.endCounting()
        server.statistics.noteClosed()
        server.connections.remove(exchange)
    @unknown default:
        break
    }
}

private func readRequestLine(
    context: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let target = unsafe target, let connection = unsafe connection,
        let held = unsafe tare_socket_context(connection)
    else { return nil }
    unsafe withExchange(held) { exchange in
        unsafe exchange.readRequestLine(target: UnsafeRawPointer(target).assumingMemoryBound(to: UInt8.self))
    }
    return unsafe held
}

private func access(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, piece: UnsafePointer<CChar>?,
    pieceSize: UnsafeMutablePointer<Int>?, held: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let held = unsafe held?.pointee, let method = unsafe method, let pieceSize = unsafe pieceSize else {
        return .NO
    }
    return unsafe withExchange(held) { exchange in
        unsafe exchange.access(method: method, piece: piece, pieceSize: pieceSize)
    }
}

private func complete(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    held: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, reason: MHD_RequestTerminationCode
) {
    guard let held = unsafe held?.pointee else { return }
    unsafe withExchange(held) { $0.complete() }
}

private func log(context: UnsafeMutableRawPointer?, format: UnsafePointer<CChar>?, arguments: CVaListPointer?) {
    guard let context = unsafe context, let format = unsafe format, let arguments = unsafe arguments else { return }
    let text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
        unsafe vsnprintf(buffer.baseAddress, buffer.count, format, arguments) >= 0
            ? unsafe String(cString: buffer.baseAddress!) : ""
    }
    unsafe server(context).note(libraryMessage: text)
}

private func panic(
    context: UnsafeMutableRawPointer?, file: UnsafePointer<CChar>?, line: UInt32, reason: UnsafePointer<CChar>?
) {
    let text = unsafe reason.map { unsafe String(cString: $0) } ?? "no reason given"
    let place = unsafe file.map { unsafe String(cString: $0) } ?? "unknown file"
    fatalError("libmicrohttpd gave up at \(place):\(line): \(text)")
}
