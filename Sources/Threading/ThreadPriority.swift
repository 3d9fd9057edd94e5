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
        _ = unsafe pthread_setspecific(Self.isTaken, UnsafeRawPointer(bitPattern: 1))
        let niceness = min(Self.ofProcess + niceness, 19)
        guard tare_schedule_this_thread(niceness, Self.shortTurn) != 0 else { return }
        // On Linux, 0 is the thread that asks and not the process.
        _ = setpriority(Self.each, 0, niceness)
    }

    /// Lets others go first that wait for this processor; for a thread that stands behind, to be called every 0.1 ms or so.
    /// Where it did not, a thread that wakes up at a bad moment would wait for the next tick of the system's clock, 4 ms on
    /// most Linux systems. Another thread keeps its turn.
    package static func giveWay() {
        if unsafe pthread_getspecific(isTaken) != nil { sched_yield() }
    }

    /// The same after work on so many rows, where they are not few: then it would cost more than it brings.
    package static func giveWay(afterRows count: Int) {
        if count >= rowsMin { giveWay() }
    }

    private static let rowsMin = 256

    /// Of each thread, whether it has taken a priority.
    private static let isTaken: pthread_key_t = {
        var key = pthread_key_t()
        unsafe pthread_key_create(&key, nil)
        return key
    }()

    /// In nanoseconds, the least that there is. A thread that wakes up meanwhile waits for the end of the turn, whatever its
    /// priority, and that of others is a millisecond and more.
    private static let shortTurn: UInt64 = 100_000

    /// As it was started, by its first thread, which stays as it is.
    private static let ofProcess = getpriority(each, id_t(getpid()))

    private static let each = __priority_which_t(PRIO_PROCESS.rawValue)
}
