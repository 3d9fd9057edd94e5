import Glibc

/// A port on loopback that nobody listens on now, for programs that cannot pick one.
func freePort() throws -> UInt16 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
            unsafe bind(descriptor, generic, size) == 0 ? getsockname(descriptor, generic, &size) : -1
        }
    }
    guard code == 0 else { throw LiveServer.Failure(description: "no free port: errno \(errno)") }
    return UInt16(bigEndian: address.sin_port)
}
