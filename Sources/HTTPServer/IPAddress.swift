import CMicroHTTPD
import Glibc

/// An IPv4 or IPv6 address. IPv4 is kept in IPv6's form of it, `::ffff:192.0.2.1`, so that a client is the same one on
/// a socket of either family.
package struct IPAddress: Hashable, Sendable {
    /// The first and the last eight bytes, as numbers.
    let high: UInt64
    let low: UInt64

    /// `::`, which stands for an address that is not known.
    static let unspecified = IPAddress(high: 0, low: 0)

    private static let ipv4Prefix: UInt64 = 0xFFFF << 32

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    private init(ipv4: UInt32) {
        self.init(high: 0, low: Self.ipv4Prefix | UInt64(ipv4))
    }

    /// Takes the usual notation of either family; no name is looked up.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            self.init(ipv4: UInt32(bigEndian: four.s_addr))
        } else if unsafe inet_pton(AF_INET6, text, &six) == 1 {
            self = unsafe withUnsafeBytes(of: six) { unsafe IPAddress(sixteen: $0) }
        } else {
            return nil
        }
    }

    /// - Parameter address: of a connected socket; nil counts as not known.
    init(_ address: UnsafePointer<sockaddr>?) {
        guard let raw = unsafe UnsafeRawPointer(address) else {
            self = .unspecified
            return
        }
        let isIPv6 = unsafe address?.pointee.sa_family == sa_family_t(AF_INET6)
        self =
            unsafe isIPv6
            ? IPAddress(sixteen: UnsafeRawBufferPointer(start: raw + 8, count: 16))
            : IPAddress(ipv4: UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
    }

    private init(sixteen bytes: UnsafeRawBufferPointer) {
        self.init(
            high: unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            low: unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// Whether only this machine can use it: 127.0.0.0/8 and ::1.
    package var isLoopback: Bool {
        isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1
    }

    /// What a single host may use: an IPv4 address, or the /64 network of an IPv6 address.
    package var host: IPAddress { isIPv4 ? self : IPAddress(high: high, low: 0) }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        if isIPv4 {
            return (0..<4).reversed().map { "\(low >> (8 * $0) & 0xFF)" }.joined(separator: ".")
        }
        var six = in6_addr()
        unsafe withUnsafeMutableBytes(of: &six) { bytes in
            unsafe bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
            unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            guard let start = text.baseAddress,
                unsafe inet_ntop(AF_INET6, &six, start, socklen_t(text.count)) != nil
            else { return "::" }
            return unsafe String(cString: start)
        }
    }
}
