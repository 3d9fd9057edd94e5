import Glibc
import Testing

/// A thread of its own, as what blocks must not run on the threads that Swift's tasks share.
final class Thread: Sendable {
    private let handle: pthread_t

    private final class Work {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    init(_ run: @escaping @Sendable () -> Void) throws {
        var handle = pthread_t()
        let work = unsafe Unmanaged.passRetained(Work(run)).toOpaque()
        let code = unsafe pthread_create(&handle, nil, Self.start, work)
        try #require(code == 0)
        self.handle = handle
    }

    private static let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { work in
        if let work = unsafe work { unsafe Unmanaged<Work>.fromOpaque(work).takeRetainedValue().run() }
        return nil
    }

    func join() {
        pthread_join(handle, nil)
    }
}
