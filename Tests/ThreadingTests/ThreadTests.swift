import Foundation
import Testing
import Threading

@Suite("A thread of its own")
struct ThreadTests {
    @Test("bears its name, and has ended once it was joined")
    func name() throws {
        let name = Lock("")
        let thread = try #require(
            OwnThread("tare-named") {
                let text = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
                name.withLock { $0 = text ?? "" }
            })
        thread.join()
        #expect(name.withLock { $0 } == "tare-named\n")
    }

    @Test("may run on as many processors as Linux lists")
    func processors() throws {
        let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
        // Such as 0-3,8.
        let list = line.dropFirst("Cpus_allowed_list:".count).trimmingCharacters(in: .whitespaces)
        let count = list.split(separator: ",").reduce(0) { sum, part in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            return sum + ends[ends.count - 1] - ends[0] + 1
        }
        #expect(Processors.allowed == count)
    }

    @Test(
        "gives way to those that wait for its processor, where it stands behind and only there",
        arguments: [true, false])
    func givesWay(isBehind: Bool) throws {
        let (pieces, count) = (400, 2 * Processors.allowed)
        let begun = Lock(0)
        let turns = Lock(0)
        let threads = try (0..<count).map { _ in
            try #require(
                OwnThread("tare-giving", isBehind ? .behind : nil) {
                    begun.withLock { $0 += 1 }
                    while begun.withLock({ $0 }) < count { usleep(100) }
                    let before = Self.turnsEnded
                    for _ in 0..<pieces {
                        let end = ContinuousClock.now + .microseconds(20)
                        while ContinuousClock.now < end {}
                        ThreadPriority.giveWay()
                    }
                    let own = Self.turnsEnded - before
                    turns.withLock { $0 += own }
                })
        }
        for thread in threads { thread.join() }
        // Without giving way a turn ends with a tick of the system's clock, once in some two hundred pieces.
        let ended = turns.withLock { $0 }
        #expect(isBehind ? ended > pieces * count / 4 : ended < pieces * count / 8)
    }

    /// Of this thread's turns on a processor those that ended though it could have gone on.
    private static var turnsEnded: Int {
        let status = (try? String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("nonvoluntary_ctxt_switches:") }
        return line?.split(separator: "\t").last.flatMap { Int($0) } ?? 0
    }
}
