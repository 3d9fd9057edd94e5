import Glibc

/// Standard input, output and error, as a process that must last needs them.
package enum StandardStreams {
    /// To be called before anything is opened.
    ///
    /// A stream whose reader has gone is told by `write` and does not end the process. A descriptor below 3 that is closed
    /// is opened on `/dev/null`: else the next file or socket would get its number, and what is said would go into it.
    package static func secure() {
        _ = signal(SIGPIPE, SIG_IGN)
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            let opened = unsafe open("/dev/null", O_RDWR)
            guard opened >= 0, opened != descriptor else { continue }
            dup2(opened, descriptor)
            close(opened)
        }
    }

    /// A line in one call of `write` where the system allows it, so that those of several threads do not mix. That nobody
    /// reads any more, or that a disk is full, is no reason to end: what cannot be said is dropped.
    /// - Returns: whether all of it was written.
    @discardableResult
    package static func say(_ text: String, on descriptor: CInt) -> Bool {
        var left = Array("\(text)\n".utf8)[...]
        while !left.isEmpty {
            let count = unsafe left.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            left = left.dropFirst(count)
        }
        return true
    }
}
