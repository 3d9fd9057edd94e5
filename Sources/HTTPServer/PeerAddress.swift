import CMicroHTTPD
import Glibc

/// Whose connection it is, for counting: an IPv4 address, or the /64 network of an IPv6 address, all of which a single
/// host may use.
struct PeerAddress: Hashable {
    private let bits: UInt64
    private let isIPv6: Bool

    /// - Parameter address: of a connected socket; nil counts as 0.0.0.0.
    init(_ address: UnsafePointer<sockaddr>?) {
        isIPv6 = unsafe address?.pointee.sa_family == sa_family_t(AF_INET6)
        guard let raw = unsafe UnsafeRawPointer(address) else {
            bits = 0
            return
        }
        bits =
            unsafe isIPv6
            ? raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            : UInt64(raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    }
}
