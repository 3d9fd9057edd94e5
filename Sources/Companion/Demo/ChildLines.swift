import Glibc

/// Cuts what a descriptor gives into lines, without ever waiting for more.
struct ChildLines {
    let descriptor: CInt
    private var rest: [UInt8] = []
    private(set) var isAtEnd = false

    init(descriptor: CInt) { self.descriptor = descriptor }

    /// The lines that are complete by now; at the end also the last one without its line feed.
    mutating func lines() -> [String] {
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while !isAtEnd {
            let count = unsafe part.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest += part[..<count]
            } else if count == 0 || errno != EINTR {
                if count == 0 || errno != EAGAIN { isAtEnd = true }
                break
            }
        }
        var pieces = rest.split(separator: 0x0A, omittingEmptySubsequences: false)
        rest = isAtEnd ? [] : Array(pieces.removeLast())
        return pieces.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
    }
}
