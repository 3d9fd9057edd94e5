import Dispatch

/// Holds a thread until the test lets it go.
final class Gate: Sendable {
    private let arrived = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    /// Called by the thread that is held.
    func pass() {
        arrived.signal()
        opened.wait()
    }

    func waitForArrival() { arrived.wait() }
    func open() { opened.signal() }
}
