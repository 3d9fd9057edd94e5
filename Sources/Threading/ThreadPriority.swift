import CScheduling
import Glibc

/// How threads of this process stand to one another where all want a processor. Those that answer predictions and small requests
/// have the priority that the process was given; the others stand behind them, so that nobody waits for a training, a large
/// body or ten thousand new clients.
package enum ThreadPriority {
    /// Work that somebody waits for, if not every millisecond: a third of the time of a thread that is not behind.
    case behind
    /// Work that may take long, or comes in crowds: a tenth.
    case farBehind

    /// Steps of nice(2), each of which is about a quarter of the time.
    private var niceness: Int32 {
        switch self {
        case .behind: 5
        case .farBehind: 10
        }
    }

    /// For the thread that asks, and for good: a higher priority needs a right. Where the system refuses, the thread takes part
    /// as any other.
    package func take() {
        let niceness = min(Self.ofProcess + niceness, 19)
        guard tare_schedule_this_thread(niceness, Self.shortTurn) != 0 else { return }
        // On Linux, 0 is the thread that asks and not the process.
        _ = setpriority(Self.each, 0, niceness)
    }

    /// In nanoseconds, the least that there is. A thread that wakes up meanwhile waits for the end of the turn, whatever its
    /// priority, and that of others is a millisecond and more.
    private static let shortTurn: UInt64 = 100_000

    /// As it was started, by its first thread, which stays as it is.
    private static let ofProcess = getpriority(each, id_t(getpid()))

    private static let each = __priority_which_t(PRIO_PROCESS.rawValue)
}
