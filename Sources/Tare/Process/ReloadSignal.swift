import Glibc
import Program
import Synchronization

/// SIGHUP as the wish that files be read anew, for a command that has such files. Others end on it: see `StopSignals`.
enum ReloadSignal {
    /// Readable when the signal has come. From the first use on, it no longer ends the process; to be used after
    /// `StopSignals.descriptor`.
    static let descriptor: CInt = {
        let pipe = SignalPipe.make()
        wakeUp.store(pipe.writing, ordering: .releasing)
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = noteReload
        action.sa_flags = CInt(SA_RESTART)
        unsafe sigaction(SIGHUP, &action, nil)
        return pipe.reading
    }()

    /// Whether it came since the last call.
    static func take() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 64)
        return unsafe read(descriptor, &bytes, bytes.count) > 0
    }
}

private let wakeUp = Atomic<CInt>(-1)

/// Runs in a signal handler: only what is safe there, and `errno` as it was. A full pipe says it already.
private func noteReload(_ number: CInt) {
    let saved = errno
    var byte: UInt8 = 0
    _ = unsafe write(wakeUp.load(ordering: .acquiring), &byte, 1)
    errno = saved
}
