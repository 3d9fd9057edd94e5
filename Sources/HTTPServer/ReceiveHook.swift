import Glibc
import Synchronization

/// Stands between libmicrohttpd and its sockets. The library has no hook for bytes before it parses them, so this module
/// defines the `recv` that it calls: the linker exports it from the executable (see Package.swift), and the library's own
/// reference finds it first. Sockets that are not watched are read as ever, at the price of one look into a table.
enum ReceiveHook {
    /// Descriptors are small numbers, below what the process may open.
    private static let descriptorsMax: Int = {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(min(limit.rlim_cur, 1 << 16))
    }()

    /// By descriptor, the exchange that is asked for what is received; 0 for none. An entry is written by the thread
    /// that reads from its socket, or before that thread may.
    private nonisolated(unsafe) static let watched: UnsafeMutablePointer<Atomic<UInt>> = {
        let start = UnsafeMutablePointer<Atomic<UInt>>.allocate(capacity: descriptorsMax)
        for index in 0..<descriptorsMax { unsafe (start + index).initialize(to: Atomic(0)) }
        return unsafe start
    }()

    /// - Returns: false for a descriptor beyond the table.
    static func watch(_ descriptor: Int32, for exchange: UnsafeMutableRawPointer) -> Bool {
        guard 0..<descriptorsMax ~= Int(descriptor) else { return false }
        unsafe watched[Int(descriptor)].store(UInt(bitPattern: exchange), ordering: .relaxed)
        return true
    }

    static func forget(_ descriptor: Int32) {
        guard 0..<descriptorsMax ~= Int(descriptor) else { return }
        unsafe watched[Int(descriptor)].store(0, ordering: .relaxed)
    }

    static func exchange(of descriptor: Int32) -> Unmanaged<Exchange>? {
        guard 0..<descriptorsMax ~= Int(descriptor),
            let held = unsafe UnsafeRawPointer(bitPattern: watched[Int(descriptor)].load(ordering: .relaxed))
        else { return nil }
        return unsafe Unmanaged.fromOpaque(held)
    }

    /// Whether the library calls the function below. Without it every rule of `RequestReader` would be lost in silence.
    static var isInPlace: Bool {
        let own: @convention(c) (Int32, UnsafeMutableRawPointer?, Int, Int32) -> Int = unsafe receive
        return unsafe dlsym(nil, "recv") == unsafeBitCast(own, to: UnsafeMutableRawPointer.self)
    }
}

/// `recv(2)`. It stands for the system's own in the whole process.
@c(recv) public func receive(
    descriptor: Int32, buffer: UnsafeMutableRawPointer?, size: Int, flags: Int32
) -> Int {
    guard let exchange = unsafe ReceiveHook.exchange(of: descriptor) else {
        return unsafe recvfrom(descriptor, buffer, size, flags, nil, nil)
    }
    return unsafe exchange._withUnsafeGuaranteedRef { unsafe $0.receive(into: buffer, size: size, flags: flags) }
}
