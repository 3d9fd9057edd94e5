import Dispatch
import HTTPServer
import Testing
import Threading

@testable import Tare

/// Answers of several requests, by the number that each body is.
private final class NumberedAnswers: Sendable {
    private let given = Lock<[Int: [Int]]>([:])
    private let arrived = DispatchSemaphore(value: 0)

    private struct Responder: HTTPResponder {
        let number: Int
        let all: NumberedAnswers

        func respond(_ response: HTTPResponse) {
            all.given.withLock { $0[number, default: []].append(response.status) }
            all.arrived.signal()
        }
    }

    func send(_ number: Int, to bodies: GatheredBodies) {
        let request = HTTPRequest(method: "POST", path: "/observations", body: Array("\(number)".utf8))
        guard case .later(let start) = bodies.reply(to: request) else {
            Issue.record("answered at once")
            return
        }
        start(Responder(number: number, all: self))
    }

    /// The statuses by the number, once so many came.
    func wait(_ count: Int) -> [Int: [Int]] {
        for _ in 0..<count { arrived.wait() }
        return given.withLock { $0 }
    }
}

@Suite("Bodies that gather while others are worked off", .timeLimit(.minutes(40)))
struct GatheredBodiesTests {
    @Test("those that come meanwhile are worked off together, in their order, and each is answered once")
    func together() {
        let (begun, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let lots = Lock<[[Int]]>([])
        let bodies = GatheredBodies(waitingMax: 1000, deadlines: Deadlines()) { bodies in
            lots.withLock { $0.append(bodies.map { Int(String(decoding: $0.request.body, as: UTF8.self))! }) }
            begun.signal()
            gate.wait()
            for body in bodies { body.responder.respond(HTTPResponse(status: 200, headers: [], body: [])) }
        }
        let answers = NumberedAnswers()
        answers.send(0, to: bodies)
        begun.wait()
        for number in 1...100 { answers.send(number, to: bodies) }
        for _ in 0..<3 { gate.signal() }
        let statuses = answers.wait(101)
        #expect(lots.withLock { $0 } == [[0], Array(1...64), Array(65...100)])
        #expect(statuses == Dictionary(uniqueKeysWithValues: (0...100).map { ($0, [200]) }))
        // And again after a rest.
        gate.signal()
        answers.send(7, to: bodies)
        #expect(answers.wait(1)[7] == [200, 200])
    }

    @Test("of more than may wait each is refused at once, and the others are not lost")
    func tooMany() {
        let (begun, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let bodies = GatheredBodies(waitingMax: 2, deadlines: Deadlines()) { bodies in
            begun.signal()
            gate.wait()
            for body in bodies { body.responder.respond(HTTPResponse(status: 200, headers: [], body: [])) }
        }
        let answers = NumberedAnswers()
        answers.send(0, to: bodies)
        begun.wait()
        for number in 1...4 { answers.send(number, to: bodies) }
        #expect(answers.wait(2) == [3: [503], 4: [503]])
        for _ in 0..<2 { gate.signal() }
        #expect(answers.wait(3) == [0: [200], 1: [200], 2: [200], 3: [503], 4: [503]])
    }
}
