package import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP as something to wait for beside other descriptors, for commands that end in order.
package enum StopSignals {
    /// The first of them that came; it can be waited for with `poll`: `descriptor` is readable from then on.
    package static var received: CInt? {
        let number = lastSignal.load(ordering: .acquiring)
        return number == 0 ? nil : number
    }

    /// From the first use on, none of the signals ends the process by itself, and SIGUSR1 and SIGUSR2 do nothing. A SIGHUP
    /// that the parent has switched off, as `nohup` does, stays switched off.
    package static let descriptor: CInt = {
        let pipe = SignalPipe.make()
        wakeUp.store(pipe.writing, ordering: .releasing)
        lastSignal.store(0, ordering: .releasing)
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = noteSignal
        action.sa_flags = CInt(SA_RESTART)
        var handled = sigset_t()
        unsafe sigemptyset(&handled)
        for number in [SIGINT, SIGTERM] + (isIgnored(SIGHUP) ? [] : [SIGHUP]) {
            unsafe sigaction(number, &action, nil)
            unsafe sigaddset(&handled, number)
        }
        for number in [SIGUSR1, SIGUSR2] { _ = signal(number, SIG_IGN) }
        // A parent that starts processes from a thread of a pool hands on its mask, which often blocks every signal.
        unsafe pthread_sigmask(SIG_UNBLOCK, &handled, nil)
        return pipe.reading
    }()

    private static func isIgnored(_ number: CInt) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Waits until one of the descriptors is ready, a stop signal has come, or the time is over.
    /// - Returns: what happened to each descriptor, as `poll` tells it.
    package static func wait(for descriptors: [pollfd] = [], milliseconds: Int) -> [CShort] {
        var all = descriptors + [pollfd(fd: descriptor, events: CShort(POLLIN), revents: 0)]
        let timeout = CInt(clamping: milliseconds)
        let count = unsafe poll(&all, nfds_t(all.count), timeout)
        return count > 0 ? all.dropLast().map(\.revents) : descriptors.map { _ in 0 }
    }
}

private let lastSignal = Atomic<CInt>(0)
private let wakeUp = Atomic<CInt>(-1)

/// Runs in a signal handler: only what is safe there, and `errno` as it was.
private func noteSignal(_ number: CInt) {
    let saved = errno
    _ = lastSignal.compareExchange(expected: 0, desired: number, ordering: .acquiringAndReleasing)
    var byte: UInt8 = 0
    _ = unsafe write(wakeUp.load(ordering: .acquiring), &byte, 1)
    errno = saved
}
