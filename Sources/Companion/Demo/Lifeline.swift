import Foundation
import Threading

/// A pipe of which the parent alone holds the writing end. However the parent goes, `kill -9` included, the kernel
/// closes it, and each child that watches the reading end learns of it at once.
///
/// Linux's PR_SET_PDEATHSIG would do the same from C, but depends on the thread that spawned, leaves a gap between the
/// start of the child and its call, and cannot let a child end in order.
final class Lifeline {
    /// Where a child finds the reading end.
    static let descriptor: CInt = 3

    let reader: CInt
    private let writer: CInt

    init() throws(ChildProcessError) {
        let pipe = try CloseOnExecPipe()
        (reader, writer) = (pipe.reader, pipe.writer)
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// In the child: ends this process when the parent has gone, in order if that takes no longer than the patience.
    static func watch(patienceSeconds: Double = 5) {
        OwnThread.detach("tare-lifeline") {
            var byte: UInt8 = 0
            while unsafe read(descriptor, &byte, 1) > 0 || errno == EINTR {}
            kill(getpid(), SIGTERM)
            Thread.sleep(forTimeInterval: patienceSeconds)
            kill(getpid(), SIGKILL)
        }
    }
}

/// A pipe that no child inherits unless it is handed on.
struct CloseOnExecPipe {
    let reader: CInt
    let writer: CInt

    init() throws(ChildProcessError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw ChildProcessError(name: "a pipe", errno: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reader, writer) = (ends[0], ends[1])
    }
}
