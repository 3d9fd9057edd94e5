import Glibc

/// What the library receives passes here first; always on the connection's own thread. The library asks for bytes only
/// when all requests that it was given are answered, but for one that is still incomplete.
extension Exchange {
    /// `recv(2)` as the library sees it: bytes that are good, 0 once nothing more can come, or -1.
    func receive(into buffer: UnsafeMutableRawPointer?, size: Int, flags: Int32) -> Int {
        guard allowance > 0 || mayGoOn else {
            errno = EAGAIN
            return -1
        }
        let count = unsafe recvfrom(descriptor, buffer, size, flags, nil, nil)
        allowance -= max(0, count)
        // Under TLS it is GnuTLS that asks, and what comes is not to be understood yet.
        guard count > 0, tls == nil else { return count }
        guard isListening else { return dropMore() }
        return unsafe judge(UnsafeRawBufferPointer(start: buffer, count: count), room: size) ?? dropMore()
    }

    /// `gnutls_record_recv` as the library sees it.
    func receiveSecured(into buffer: UnsafeMutableRawPointer?, size: Int) -> Int {
        guard let tls else { return 0 }
        // The caretaker must not touch the session, so this thread sends the last bytes.
        if phase == .cut {
            writePast(server.caretaker.timeout())
            return 0
        }
        guard isListening else { return TLSHook.result(of: dropMore()) }
        let count = unsafe tls.receive(into: buffer, size: size)
        guard count > 0 else {
            if count == 0, unsafe !reader.isIdle { logBreakOff() }
            return count
        }
        return unsafe judge(UnsafeRawBufferPointer(start: buffer, count: count), room: size)
            ?? TLSHook.result(of: dropMore())
    }

    /// Whether a body that brings much has its turn.
    private var mayGoOn: Bool {
        guard isListening else { return true }
        let (bytes, isFirst) = server.uploads.takeTurn(self)
        if isFirst { server.caretaker.interrupt() }
        allowance = bytes
        return bytes > 0
    }

    /// Whether what the client sends still counts.
    private var isListening: Bool { unsafe phase != .refused && phase != .cut && pending == nil }

    /// Reads what has come, before the library does.
    /// - Returns: how many of the bytes the library is to see, 0 for the end; nil where all that comes is to be dropped.
    private func judge(_ bytes: UnsafeRawBufferPointer, room: Int) -> Int? {
        let reading = unsafe reader.read(bytes.bindMemory(to: UInt8.self).span)
        guard let refusal = reading.refusal else {
            // Where data and the end come together, the library would be woken for the data only. Under TLS it asks again
            // until there is nothing.
            if tls == nil, bytes.count < room, reading.completed == 0, unsafe !reader.isIdle, hasEnded {
                logBreakOff()
                return 0
            }
            if tls != nil, unsafe !reader.isIdle, phase == .waiting { _ = advance(to: .receiving) }
            return bytes.count
        }
        guard reading.completed > 0 else {
            refuseOnTheSocket(refusal)
            return nil
        }
        unsafe pending = (refusal, behind: reading.completed)
        return reading.completedBytes
    }

    private func logBreakOff() {
        server.log("closed a connection that broke off in the middle of a request")
    }

    /// Whether the client has closed its side, and all that it sent is read.
    var hasEnded: Bool {
        var byte: UInt8 = 0
        return unsafe recvfrom(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT), nil, nil) == 0
    }

    /// Drops what there is of a client that was refused: a socket that is closed with bytes unread makes the system drop
    /// the answer on its way. Bounded, as other connections wait; `EINTR` makes the library come back for the rest.
    private func dropMore() -> Int {
        for _ in 0..<Self.dropsMax {
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_TRUNC)
            let count = recvfrom(descriptor, nil, Self.dropBytes, flags, nil, nil)
            if count <= 0 { return count }
        }
        errno = EINTR
        return -1
    }

    private static let dropsMax = 4
    private static let dropBytes = 256 * 1024
}

// MARK: - Refusing past the library

extension Exchange {
    /// At step 7: answers what came behind good requests, once the last of them is answered.
    func refusePending() {
        guard let (refusal, behind) = unsafe pending else { return }
        guard behind == 1 else {
            unsafe pending = (refusal, behind - 1)
            return
        }
        unsafe pending = nil
        refuseOnTheSocket(refusal)
    }

    /// The library, which is told of nothing, keeps the connection until the client hangs up or the caretaker ends it.
    private func refuseOnTheSocket(_ refusal: HTTPRefusal) {
        guard advance(to: .refused) else { return }
        writePast(server.refuse(refusal), hasBody: unsafe !reader.isHead)
        tls?.finishSending()
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Writes an answer past the library, on the connection's own thread.
    func writePast(_ response: HTTPResponse, hasBody: Bool = true) {
        guard let tls else { return RawAnswer.send(response, to: descriptor, hasBody: hasBody) }
        tls.send(RawAnswer.serialize(response, at: time(nil), hasBody: hasBody))
    }

    /// The library sees the end, and closes.
    func hangUp() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}
