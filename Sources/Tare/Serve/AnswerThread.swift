import Dispatch
import Threading

/// A thread that hands over what threads of a low priority have done. These must hold no lock that a thread takes that serves
/// predictions: it would wait until they get their turn.
final class AnswerThread: Sendable {
    private let tasks = Tasks()

    /// To be called from a thread of ordinary priority, whose priority it has.
    init() {
        OwnThread.detach("tare-answer") { [tasks] in tasks.workOff() }
    }

    deinit {
        tasks.add(nil)
    }

    func run(_ task: @escaping @Sendable () -> Void) { tasks.add(task) }

    private final class Tasks: Sendable {
        private let waiting = Lock<[(@Sendable () -> Void)?]>([])
        private let count = DispatchSemaphore(value: 0)

        /// - Parameter task: nil is the last.
        func add(_ task: (@Sendable () -> Void)?) {
            waiting.withLock { $0.append(task) }
            count.signal()
        }

        func workOff() {
            while let task = next() { task() }
        }

        private func next() -> (@Sendable () -> Void)? {
            count.wait()
            return waiting.withLock { $0.removeFirst() }
        }
    }
}
