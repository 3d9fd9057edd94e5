import Testing

@testable import HTTPServer

@Suite("The watch over a connection")
struct ConnectionWatchTests {
    typealias Phase = ConnectionProgress.Phase
    typealias Overdue = ConnectionWatch.Overdue

    /// What a look sees: at which second, which request in which phase, how long ago a byte came.
    struct Look: Sendable {
        let second: Double
        let request: UInt64
        let phase: Phase
        var silence: Double?
        var hasEnded = false
    }

    static let patience = ConnectionWatch.Patience(
        request: .seconds(10), response: .seconds(20), idle: .seconds(100), refused: .seconds(2))

    @Test(
        "closes what stands still in a phase for too long",
        arguments: [
            (Phase.receiving, 10.0, nil), (.receiving, 10.1, Overdue.request), (.sending, 20.0, nil),
            (.sending, 20.1, .response), (.refused, 2.0, nil), (.refused, 2.1, .refused), (.answering, 1000.0, nil),
            (.cut, 2.0, nil), (.cut, 2.1, .refused),
        ] as [(Phase, Double, Overdue?)])
    func standingStill(phase: Phase, seconds: Double, overdue: Overdue?) {
        let looks = [Look(second: 1, request: 0, phase: phase), Look(second: 1 + seconds, request: 0, phase: phase)]
        #expect(last(looks) == overdue)
    }

    @Test("leaves what moves on")
    func movingOn() {
        let looks = (0..<100).map { index in
            Look(second: Double(index) * 8, request: UInt64(index), phase: index % 2 == 0 ? .receiving : .sending)
        }
        #expect(last(looks) == nil)
    }

    @Test("closes an idle connection without a word, after the idle time")
    func idle() {
        let seen = Look(second: 5, request: 3, phase: .waiting, silence: 4)
        #expect(last([seen, Look(second: 105, request: 3, phase: .waiting, silence: 104)]) == nil)
        #expect(last([seen, Look(second: 105.1, request: 3, phase: .waiting, silence: 104)]) == .idle)
        #expect(last([seen, Look(second: 105.1, request: 3, phase: .waiting, silence: nil)]) == .idle)
    }

    @Test("leaves a sink's connection open through nine minutes between two triggers, as the limits stand")
    func sinkConnection() {
        let limits = HTTPLimits()
        let patience = ConnectionWatch.Patience(
            request: .seconds(limits.requestSecondsMax), response: .seconds(limits.responseSecondsMax),
            idle: .seconds(limits.connectionSecondsMax), refused: .seconds(limits.lingerSecondsMax))
        let start = ContinuousClock.now
        var watch = ConnectionWatch(at: start)
        for second in stride(from: 1, through: 540, by: 1) {
            let overdue = watch.look(
                ConnectionProgress(request: 1, .waiting), at: start + .seconds(second), patience: patience,
                report: { ConnectionWatch.SocketReport(silence: .seconds(second), hasEnded: false) })
            #expect(overdue == nil, "after \(second) s")
        }
    }

    @Test("closes a new connection that sends nothing after the time for a request")
    func silentFromTheStart() {
        #expect(last([Look(second: 10, request: 0, phase: .waiting, silence: 10)]) == nil)
        #expect(last([Look(second: 10.1, request: 0, phase: .waiting, silence: 10.1)]) == .idle)
    }

    @Test("counts a first request from the start of the connection, however it drips")
    func firstRequestDrips() {
        let looks = (0...10).map { Look(second: Double($0), request: 0, phase: .waiting, silence: 0.5) }
        #expect(last(looks) == nil)
        #expect(last(looks + [Look(second: 10.1, request: 0, phase: .waiting, silence: 0.5)]) == .request)
    }

    @Test("counts a later request from the look that first sees a byte of it")
    func laterRequestDrips() {
        let waiting = [
            Look(second: 0, request: 1, phase: .waiting, silence: 3),
            Look(second: 50, request: 1, phase: .waiting, silence: 53),
            Look(second: 60, request: 1, phase: .waiting, silence: 1),
        ]
        #expect(last(waiting + [Look(second: 70, request: 1, phase: .waiting, silence: 1)]) == nil)
        #expect(last(waiting + [Look(second: 70.1, request: 1, phase: .waiting, silence: 1)]) == .request)
    }

    @Test(
        "closes a connection whose client hung up at the second look that finds it where it was",
        arguments: [Phase.waiting, .receiving])
    func hungUp(phase: Phase) {
        let looks = (1...2).map { Look(second: Double($0), request: 0, phase: phase, silence: 9, hasEnded: true) }
        #expect(last([Look(second: 0.5, request: 0, phase: phase, silence: 9)] + looks) == .ended)
        #expect(last([Look(second: 0.5, request: 0, phase: phase, silence: 9), looks[0]]) == nil)
    }

    @Test("gives a client that hung up its answer first", arguments: [Phase.answering, .sending])
    func hungUpLate(phase: Phase) {
        #expect(last((1...5).map { Look(second: Double($0), request: 0, phase: phase, hasEnded: true) }) == nil)
    }

    private func last(_ looks: [Look]) -> Overdue? {
        let start = ContinuousClock.now
        var watch = ConnectionWatch(at: start)
        var overdue: Overdue?
        for look in looks {
            overdue = watch.look(
                ConnectionProgress(request: look.request, look.phase), at: start + .seconds(look.second),
                patience: Self.patience,
                report: {
                    look.silence.map {
                        ConnectionWatch.SocketReport(silence: .seconds($0), hasEnded: look.hasEnded)
                    }
                })
        }
        return overdue
    }
}
