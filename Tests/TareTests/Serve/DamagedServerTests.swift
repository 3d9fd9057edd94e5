import Documents
import Foundation
import Glibc
import ModelService
import Testing

@testable import Tare

/// What was written is damaged, or cannot be written, and the server predicts all the same.
@Suite("A server whose files are damaged", .timeLimit(.minutes(40)))
struct DamagedServerTests {
    private static let rows = Fish.rows(60).map { $0.document(.fish) }

    private static let damages: [(path: String, change: @Sendable (Data) -> Data)] = [
        ("rows.sqlite", { _ in Data("not a database, but a text that is longer than its head".utf8) }),
        ("rows.sqlite", { Data(repeating: 0xA5, count: 4096) + $0.dropFirst(4096) }),
        ("rows.sqlite", { $0.prefix($0.count / 2) }),
        ("models/serving.state", { _ in Data() }),
        ("models/serving.state", { _ in Data("garbage".utf8) }),
        ("models/serving.state", { $0.prefix($0.count / 2) }),
    ]

    @Test(
        "predictions go on, /readyz says what is wrong, rows and trainings get 503, and all is well once the file is whole",
        arguments: damages.indices)
    func damaged(number: Int) throws {
        let (path, change) = Self.damages[number]
        try withLiveFolder { folder in
            let first = try LiveServer(folder: folder)
            try first.record(Self.rows)
            let trained = try first.post("/train").document?["version"]
            #expect(first.stop().status == 0)
            let file = folder.appending(path: path)
            let whole = try Data(contentsOf: file)
            try change(whole).write(to: file)

            let server = try LiveServer(folder: folder)
            #expect(try server.get("/prediction?length=95&height=18&species=salmon").status == 200)
            #expect(try server.get("/model").document?["version"] == trained)
            for (path, body) in [("/observations", Self.rows[0].compact), ("/train", "")]
            where path != "/observations"
                || file.pathExtension == "sqlite"
            {
                let answer = try server.post(path, body)
                #expect(answer.status == 503 && answer.headers["retry-after"] != nil, "\(path): \(answer.text)")
            }
            let readiness = try server.get("/readyz")
            #expect(readiness.status == 200 && readiness.document?["status"] == "degraded")
            #expect(readiness.text.contains(file.lastPathComponent))
            try whole.write(to: file)
            #expect(try server.post("/observations", Self.rows[0].compact).status == 200)
            try waitUntil { try server.get("/readyz").document?["status"] == "ready" }
            #expect(try server.get("/readyz").document?["status"] == "ready")
            #expect(try server.post("/train").status == 200)
        }
    }

    @Test("a server whose lock a process that was stopped holds ends in time, and answers 503 before that")
    func heldLock() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            try server.record(Self.rows)
            let lock = unsafe open(folder.appending(path: "models/serving.lock").path, O_RDWR | O_CREAT, 0o644)
            defer { close(lock) }
            #expect(flock(lock, LOCK_EX) == 0)
            let start = ContinuousClock.now
            let answer = try server.post("/train")
            #expect(answer.status == 503 && answer.text.contains("serving.lock"))
            #expect(server.stop().status == 0)
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }
}
