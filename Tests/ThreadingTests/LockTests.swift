import Testing
import Threading

@Suite("A lock")
struct LockTests {
    @Test("lets one thread in at a time")
    func alone() throws {
        let sum = SharedSum()
        let threads = try (0..<4).map { _ in
            try #require(OwnThread("adder") { for _ in 0..<10_000 { sum.value.withLock { $0 += 1 } } })
        }
        for thread in threads { thread.join() }
        #expect(sum.value.withLock { $0 } == 40_000)
    }

    @Test("is not waited for by who only wants it where it is free")
    func free() throws {
        let sum = SharedSum()
        #expect(sum.value.withLockIfFree { $0 } == 0)
        let meanwhile = SharedSum()
        try sum.value.withLock { held in
            held = 1
            let other = try #require(
                OwnThread("other") { meanwhile.value.withLock { $0 = sum.value.withLockIfFree { $0 } == nil ? 1 : 2 } })
            other.join()
        }
        #expect(meanwhile.value.withLock { $0 } == 1 && sum.value.withLockIfFree { $0 } == 1)
    }

    private final class SharedSum: Sendable {
        let value = Lock(0)
    }
}
