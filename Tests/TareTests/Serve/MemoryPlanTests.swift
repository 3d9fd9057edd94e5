import HTTPServer
import ModelService
import Testing

@testable import Tare

@Suite("How the memory of a server is shared out")
struct MemoryPlanTests {
    private static func plan(
        _ megabytes: Int, bodies: Int = 8 << 20, connections: Int = 800, buffered: Int? = nil, isTLS: Bool = false,
        rows: RowChoice = .newest(50)
    ) throws(MemoryPlan.Refusal) -> MemoryPlan {
        var limits = HTTPLimits()
        limits.bodyBytesMax = bodies
        limits.connectionsMax = connections
        return try MemoryPlan(
            megabytes: megabytes, limits: limits, bufferedBytesMax: buffered, isTLS: isTLS, rows: rows)
    }

    @Test("the default has room for the default limits, with TLS and without", arguments: [false, true])
    func standard(isTLS: Bool) throws {
        let plan = try Self.plan(MemoryPlan.megabytesDefault, isTLS: isTLS)
        #expect(plan.requestBytes >= 4 * HTTPLimits().bodyBytesMax)
        #expect(plan.requestBytesPerClient >= 2 * HTTPLimits().bodyBytesMax)
        #expect(plan.trainingRowsMax >= RowChoice.auto.rowsMax)
    }

    @Test("all that is shared out is less than the whole, and more memory is more for requests and rows")
    func grows() throws {
        let plans = try [400, 512, 1024, 4096].map { ($0, try Self.plan($0)) }
        for (megabytes, plan) in plans {
            #expect(plan.requestBytes + plan.trainingRowsMax * 1024 < megabytes << 20)
        }
        for (less, more) in zip(plans, plans.dropFirst()) {
            #expect(less.1.requestBytes < more.1.requestBytes && less.1.trainingRowsMax < more.1.trainingRowsMax)
        }
    }

    @Test("too little for other limits is refused, with the least that will do; and that does")
    func refusals() throws {
        for (bodies, connections, isTLS, rows) in [
            (8 << 20, 800, false, .newest(50)), (64 << 20, 800, false, .auto), (1 << 20, 20_000, true, .newest(50)),
            (8 << 20, 800, false, .newest(100_000)),
        ] as [(Int, Int, Bool, RowChoice)] {
            func plan(_ megabytes: Int) throws(MemoryPlan.Refusal) -> MemoryPlan {
                try Self.plan(megabytes, bodies: bodies, connections: connections, isTLS: isTLS, rows: rows)
            }
            let refusal = #expect(throws: MemoryPlan.Refusal.self) { try plan(100) }
            let words = try #require(refusal?.description.split(separator: " "))
            let place = try #require(words.lastIndex(of: "least"))
            let least = try #require(Int(words[place + 1]))
            #expect(throws: MemoryPlan.Refusal.self) { try plan(least - 1) }
            #expect(try plan(least).requestBytes >= 4 * bodies)
        }
    }

    @Test("what requests may hold can be set lower by hand, and not higher than there is room for")
    func byHand() throws {
        #expect(try Self.plan(512, buffered: 64 << 20).requestBytes == 64 << 20)
        #expect(throws: MemoryPlan.Refusal.self) { try Self.plan(512, buffered: 500 << 20) }
    }

    @Test("where nobody says a bound, it is as large as the rows of a training need")
    func derived() throws {
        try withLiveFolder { folder in
            let rows = ["--rows", "newest:100000"]
            #expect(try LiveServer(folder: folder, rows).stop().status == 0)
            let result = try TareProcess.run(["serve", "--port", "0", "--memory-mb-max", "512"] + rows)
            #expect(result.status != 0 && result.errors.contains("too little for the other limits"))
        }
    }

    @Test("a server that could not keep to its bound does not start, and says what would do")
    func start() throws {
        let result = try TareProcess.run(["serve", "--port", "0", "--memory-mb-max", "100"])
        #expect(result.status != 0)
        #expect(result.errors.contains("--memory-mb-max 100 is too little for the other limits"))
    }
}
