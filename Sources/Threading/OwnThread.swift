import CScheduling
import Glibc

/// A thread that was begun for one thing, with a name that `top -H` and debuggers show.
package struct OwnThread: Sendable {
    private let thread: pthread_t

    private final class Begin: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            (self.name, self.body) = (name, body)
        }
    }

    /// Begins it. Somebody must `join` it.
    /// - Parameters:
    ///   - name: the system shows 15 bytes of it.
    ///   - priority: as that of the thread that begins it where it is nil.
    /// - Returns: nil where the system has no more threads to give.
    package init?(_ name: String, _ priority: ThreadPriority? = nil, _ body: @escaping @Sendable () -> Void) {
        let begin = Begin(name: name) {
            priority?.take()
            body()
        }
        let held = unsafe Unmanaged.passRetained(begin)
        var thread = pthread_t()
        guard unsafe pthread_create(&thread, nil, runOwnThread, held.toOpaque()) == 0 else {
            unsafe held.release()
            return nil
        }
        self.thread = thread
    }

    /// Begins one that nobody waits for.
    /// - Returns: false where the system has no more threads to give.
    @discardableResult package static func detach(
        _ name: String, _ priority: ThreadPriority? = nil, _ body: @escaping @Sendable () -> Void
    ) -> Bool {
        guard let own = OwnThread(name, priority, body) else { return false }
        pthread_detach(own.thread)
        return true
    }

    /// Returns when it has ended.
    package func join() { pthread_join(thread, nil) }

    fileprivate static func run(_ context: UnsafeMutableRawPointer) {
        let begin = unsafe Unmanaged<Begin>.fromOpaque(context).takeRetainedValue()
        unsafe tare_name_this_thread(begin.name)
        begin.body()
    }
}

private func runOwnThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context = unsafe context { unsafe OwnThread.run(context) }
    return nil
}
