import CMicroHTTPD

/// The body of a large answer, and the memory that is reserved for it, until the library has sent it.
final class HeldAnswer {
    /// Never written to, so that the bytes stay where they are for as long as this object is there.
    private let body: [UInt8]
    private let memory: MemoryReservation?

    init(_ response: HTTPResponse) {
        body = response.body
        memory = response.memory
    }

    /// The library's own form of the answer, which reads these bytes where they are and holds this object until it is
    /// destroyed; nil where there is no memory for it.
    var libraryResponse: OpaquePointer? {
        let held = unsafe Unmanaged.passRetained(self)
        let made = unsafe body.withUnsafeBytes { bytes in
            unsafe MHD_create_response_from_buffer_with_free_callback_cls(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), letGo, held.toOpaque())
        }
        // The library made no answer, so it will not call back: what was held is let go of here.
        if unsafe made == nil { unsafe held.release() }
        return unsafe made
    }
}

/// The library calls this when the last connection is done with an answer.
private func letGo(held: UnsafeMutableRawPointer?) {
    guard let held = unsafe held else { return }
    unsafe Unmanaged<HeldAnswer>.fromOpaque(held).release()
}
