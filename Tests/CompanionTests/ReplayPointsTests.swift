import Documents
import Testing

@testable import Companion

@Suite("tare stream: from where to read again")
struct ReplayPointsTests {
    private func time(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    @Test("the position is the last whose inputs all happened before what is needed")
    func before() {
        var points = ReplayPoints<Int>()
        for index in 0..<10 { points.add(index, time: time(Int64(index) * 20)) }
        #expect(points.position(before: time(0)) == nil)
        #expect(points.position(before: time(20)) == 0)
        #expect(points.position(before: time(79)) == 3)
        // It does not go back.
        #expect(points.position(before: time(10)) == 3)
        #expect(points.position(before: nil) == 9)
    }

    @Test("an input behind a later one is not passed before that one is done with")
    func disorder() {
        var points = ReplayPoints<Int>()
        points.add(0, time: time(0))
        points.add(1, time: time(500))
        points.add(2, time: time(100))
        #expect(points.position(before: time(200)) == 0)
        #expect(points.position(before: time(501)) == 2)
    }

    @Test("an input of a doubted time holds the position until it is found wrong, or is done with, and moves no time")
    func doubted() {
        var points = ReplayPoints<Int>()
        points.add(0, time: time(0))
        points.add(1, time: time(100_000), isDoubted: true)
        for index in 2..<10 { points.add(index, time: time(Int64(index) * 20)) }
        #expect(points.position(before: time(100)) == 0)
        #expect(points.position(before: time(100), believed: time(180)) == 4)
        #expect(points.position(before: time(181)) == 9)
        // Believed by now, and still needed.
        points.add(10, time: time(300_000), isDoubted: true)
        points.add(11, time: time(300_001))
        #expect(points.position(before: time(200_000), believed: time(300_001)) == 9)
        #expect(points.position(before: time(300_002), believed: time(300_001)) == 11)
    }

    @Test("positions without an input move on with the last one, those before all inputs included")
    func idle() {
        var points = ReplayPoints<Int>()
        points.add(0, time: nil)
        points.add(1, time: nil)
        #expect(points.position(before: time(5)) == 1)
        points.add(2, time: time(50))
        points.add(3, time: nil)
        #expect(points.position(before: time(50)) == 1)
        #expect(points.position(before: time(51)) == 3)
    }

    @Test("positions of nearly the same time are one point: nothing that is needed is passed for it")
    func spacing() {
        var points = ReplayPoints<Int>()
        for index in 0..<30 { points.add(index, time: time(Int64(index))) }
        for needed in 0..<40 {
            if let position = points.position(before: time(Int64(needed))) { #expect(position < needed) }
        }
        #expect(points.position(before: time(30)) == 29)
    }
}
