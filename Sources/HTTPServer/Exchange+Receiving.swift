import Glibc

/// What the library receives passes here first; always on the connection's own thread. The library asks for bytes only
/// when all requests that it was given are answered, but for one that is still incomplete.
extension Exchange {
    /// `recv(2)` as the library sees it: bytes that are good, 0 once nothing more can come, or -1.
    func receive(into buffer: UnsafeMutableRawPointer?, size: Int, flags: Int32) -> Int {
        let count = unsafe recvfrom(descriptor, buffer, size, flags, nil, nil)
        guard count > 0 else { return count }
        guard phase != .refused, phase != .cut, unsafe pending == nil else { return dropMore() }
        let bytes = unsafe UnsafeRawBufferPointer(start: buffer, count: count).bindMemory(to: UInt8.self)
        let reading = unsafe reader.read(bytes.span)
        guard let refusal = reading.refusal else {
            // Data and the end together: the library, which waits for news, would hear of the data only.
            if count < size, reading.completed == 0, unsafe !reader.isIdle, hasEnded {
                server.log("closed a connection that broke off in the middle of a request")
                return 0
            }
            return count
        }
        guard reading.completed > 0 else {
            refuseOnTheSocket(refusal)
            return dropMore()
        }
        unsafe pending = (refusal, behind: reading.completed)
        return reading.completedBytes
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
    /// At step 1: answers a connection for which there is no room.
    func begin() {
        guard let rejection = server.connections.add(self) else { return }
        refuseOnTheSocket(rejection.refusal)
        if !rejection.mayLinger { hangUp() }
    }

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
        server.log("refused with \(refusal.status): \(refusal.detail)")
        RawAnswer.send(server.refuse(refusal), to: descriptor, hasBody: unsafe !reader.isHead)
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// The library sees the end, and closes.
    func hangUp() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}
