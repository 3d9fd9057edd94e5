import Dispatch

/// The end of a command that must not hang on what it lets go of.
enum Ending {
    /// Runs `body` beside this thread.
    /// - Returns: false where it is not done in time.
    static func isDone(within seconds: Int, _ body: @escaping @Sendable () -> Void) -> Bool {
        let done = DispatchSemaphore(value: 0)
        DispatchQueue(label: "tare.end").async {
            body()
            done.signal()
        }
        return done.wait(timeout: .now() + .seconds(seconds)) == .success
    }
}
