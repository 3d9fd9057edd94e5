import Glibc

/// What a terminal is like that a descriptor leads to.
package enum Terminal {
    /// In characters; nil where there is no terminal, or it does not tell.
    package static func size(of descriptor: CInt) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard isatty(descriptor) == 1, unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return (Int(size.ws_col), size.ws_row > 0 ? Int(size.ws_row) : 24)
    }

    /// Writes all of it, unless the terminal takes nothing for some time, as one that was stopped by Ctrl-S.
    /// - Returns: false where not all was written.
    package static func write(_ text: String, to descriptor: CInt, patienceMilliseconds: CInt) -> Bool {
        var left = Array(text.utf8)[...]
        while !left.isEmpty {
            var output = pollfd(fd: descriptor, events: CShort(POLLOUT), revents: 0)
            let count = unsafe poll(&output, 1, patienceMilliseconds)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            let written = unsafe left.prefix(1024).withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written < 0, errno == EINTR || errno == EAGAIN { continue }
            guard written > 0 else { return false }
            left = left.dropFirst(written)
        }
        return true
    }
}
