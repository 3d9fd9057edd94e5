import Testing

@testable import HTTPServer

@Suite("A token bucket")
struct TokenBucketTests {
    private let start = ContinuousClock.now

    @Test("begins full, and then has a token each time that one is due")
    func rate() {
        var bucket = TokenBucket(perSecond: 10, max: 2, at: start)
        let taken = [0, 0, 0, 99, 101, 101, 199, 201].map { bucket.take(at: start + .milliseconds($0)) }
        #expect(taken == [true, true, false, false, true, false, false, true])
    }

    @Test("holds no more after a long time than it began with")
    func full() {
        var bucket = TokenBucket(perSecond: 1_000_000, max: 3, at: start)
        let later = start + .seconds(3600)
        var taken = 0
        while bucket.take(at: later) { taken += 1 }
        #expect(taken == 3)
    }

    @Test("says when it has the next token: at once where it has one")
    func next() {
        var bucket = TokenBucket(perSecond: 10, max: 1, at: start)
        #expect(bucket.next == start)
        let isTaken = bucket.take(at: start)
        #expect(isTaken)
        #expect(bucket.next == start + .milliseconds(100))
    }
}
