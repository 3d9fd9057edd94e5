import Documents
import Foundation
import ModelService
import Testing
import Threading

@testable import Tare

@Suite("A server that is killed while it trains", .timeLimit(.minutes(40)))
struct KilledServerTests {
    private static func body(_ window: Int) -> String {
        #"{"Species":["walleye"],"WindowStart":\#(window * 60_000),"WindowEnd":\#((window + 1) * 60_000)}"#
    }

    /// Sends the trigger, and kills the server after a while that is different each time.
    /// - Returns: the answer, where it came before the end.
    private func trainAndKill(_ server: LiveServer, window: Int, after microseconds: UInt32) -> [UInt8]? {
        let answer = Lock<[UInt8]?>(nil)
        let port = server.port
        let thread = Thread {
            let given = try? KeptConnection(port: port).post("/train", Self.body(window))
            answer.withLock { $0 = given?.status == 200 ? given?.body : nil }
        }
        thread.start()
        usleep(microseconds)
        server.kill()
        while !thread.isFinished { usleep(1000) }
        return answer.withLock { $0 }
    }

    @Test("a probation outlives kill -9, and that a model was rolled back is told after it")
    func probation() throws {
        try withLiveFolder { folder in
            var server = try LiveServer(folder: folder)
            let parent = try server.get("/model").document?["version"]
            // Heavier fish for a while, so that a model of these is wrong of those that come then.
            let heavy = Fish.rows(60).map { row in
                var row = row
                row.actual = row.actual.map { $0 * 3 }
                return row
            }
            try server.record(heavy.map { $0.document(.fish) })
            let trained = try server.post("/train", "").document
            #expect(trained?["status"] == "retrained")
            for (number, row) in Fish.rows(72).suffix(12).enumerated() {
                let version = try server.get("/model").document?["version"]
                #expect(version == (number < 10 ? trained?["version"] : parent), "row \(number)")
                try server.record([row.document(.fish)])
                server.kill()
                server = try LiveServer(folder: folder)
            }
            let model = try server.get("/model").document
            #expect(model?["version"] == parent && model?["rolledBack"]?["version"] == trained?["version"])
            #expect(model?["rolledBack"]?["rows"] == 10)
            #expect(try server.get("/coverage").document?["observed"] == 2)
        }
    }

    @Test("each window trains the chain of models once, and an answer that was given is given again")
    func killed() throws {
        try withLiveFolder { folder in
            let windows = 12
            var server = try LiveServer(folder: folder, ["--gate", "off"])
            try server.record(Fish.rows(80, levels: ["salmon", "walleye"]).map { $0.document(.fish) })
            var answers: [[UInt8]] = []
            for window in 0..<windows {
                let early = trainAndKill(server, window: window, after: UInt32(window) * 1500)
                server = try LiveServer(folder: folder, ["--gate", "off"])
                let again = try server.post("/train", Self.body(window))
                #expect(again.status == 200)
                if let early { #expect(again.body == early, "window \(window)") }
                answers.append(again.body)
            }
            for window in 0..<windows {
                let again = try server.post("/train", Self.body(window))
                #expect(again.body == answers[window] && again.headers["idempotent-replayed"] == "true")
            }
            // From the model that serves back to the first: each is the child of the one before, one for each window.
            let trained = try answers.map { try #require(try JSON(parsing: $0)["version"]?.text) }
            var version = try server.get("/model").document?["version"]?.text
            for expected in trained.reversed() {
                #expect(version == expected)
                version = try server.get("/models/\(expected)").document?["parent"]?.text
            }
            #expect(version == "20210602T074852000Z-ffa8bec8")
        }
    }
}
