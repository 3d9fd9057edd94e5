import Glibc

/// A pipe by which the handler of a signal wakes who waits: neither end blocks, or outlives the process in a child.
package enum SignalPipe {
    package static func make() -> (reading: CInt, writing: CInt) {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { preconditionFailure("no pipe: errno \(errno)") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        return (ends[0], ends[1])
    }
}
