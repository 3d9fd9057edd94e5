import Documents
import Foundation
import ModelService
import MongoTesting
import Testing

@testable import Tare

/// The faults of Scripts/soak/faults.c, loaded before a server.
private struct DiskFaults {
    let library: String
    let page: URL

    static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    init(in folder: URL) throws {
        library = folder.appending(path: "faults.so").path
        page = folder.appending(path: "faults")
        try Data(count: 16).write(to: page)
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Scripts/soak/faults.c")
        let process = Process()
        process.executableURL = URL(filePath: Self.compiler ?? "")
        process.arguments = ["-O2", "-shared", "-fPIC", "-o", library, source.standardizedFileURL.path, "-ldl"]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    var environment: [String: String] { ["LD_PRELOAD": library, "TARE_FAULTS": page.path] }

    /// In place, as the server has the file mapped.
    func set(_ bytes: some Sequence<UInt8>) throws {
        let file = try FileHandle(forWritingTo: page)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }
}

@Suite(
    "A server whose disk fails", .enabled(if: DiskFaults.compiler != nil, "no C compiler for Scripts/soak/faults.c"),
    .timeLimit(.minutes(40)))
struct FailingDiskTests {
    private static let rows = Fish.rows(60).map { $0.document(.fish) }

    @Test(
        "while syncs fail or the disk is full, rows and trainings get 503 and /readyz is degraded, until a write succeeds",
        arguments: ["S", "\0F"])
    func fails(fault: String) throws {
        try withLiveFolder { folder in
            let faults = try DiskFaults(in: folder)
            let server = try LiveServer(folder: folder, environment: faults.environment)
            try server.record(Array(Self.rows.prefix(50)))
            #expect(try server.post("/train").status == 200)
            #expect(try server.get("/readyz").document?["status"] == "ready")

            try faults.set(fault.utf8)
            for row in Self.rows[50..<53] { #expect(try server.post("/observations", row.compact).status == 503) }
            #expect(try server.post("/train").status == 503)
            #expect(try server.get("/prediction?length=95&height=18&species=salmon").status == 200)
            let degraded = try server.get("/readyz").document
            #expect(degraded?["status"] == "degraded")
            #expect(degraded?["store"]?["status"] == "unavailable" && degraded?["models"]?["status"] == "unavailable")

            try faults.set([0, 0])
            #expect(try server.get("/readyz").document?["status"] == "degraded")
            let answer = try server.post("/observations", JSON.array(Self.rows).compact)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try server.post("/train").status == 200)
            #expect(try server.get("/readyz").document?["status"] == "ready")
            let log = server.stop().errors.split(separator: "\n")
            for store in ["rows", "models"] {
                #expect(log.count { $0.contains("the store of \(store) has a fault") } == 1, "\(log)")
                #expect(log.count { $0.contains("the store of \(store) is as it should be again") } == 1, "\(log)")
            }
        }
    }

    @Test(
        "a journal whose emptying could not be synced keeps the rows that follow through a kill",
        .enabled(if: MongoServer.canStart, "\(MongoServer.noneToKill)"))
    func emptiedJournal() throws {
        try withLiveFolder { folder in
            let faults = try DiskFaults(in: folder)
            let database = try MongoServer()
            let options = ["--store", "\(database.uri)/tare.rows", "--journal", "\(folder.path)/journal"]
            let server = try LiveServer(folder: folder, options, environment: faults.environment)
            func waiting(_ server: LiveServer) throws -> JSON? {
                try server.get("/readyz").document?["journal"]?["rows"]
            }

            database.kill()
            for row in Self.rows.prefix(5) { try server.record([row]) }
            try faults.set("S".utf8)
            try database.start()
            try waitUntil { try waiting(server) == 0 }
            try faults.set([0])
            database.kill()
            try server.record([Self.rows[5]])
            #expect(try waiting(server) == 1)
            server.kill()
            let restarted = try LiveServer(folder: folder, options)
            #expect(try waiting(restarted) == 1)
            try database.start()
            try waitUntil { try waiting(restarted) == 0 }
            let again = try restarted.post("/observations", JSON.array(Array(Self.rows.prefix(6))).compact)
            #expect(again.document?["duplicates"] == 6, "\(again.text)")
        }
    }

    @Test("after a clock that jumped a day ahead and back, models still follow each other in time")
    func clock() throws {
        try withLiveFolder { folder in
            let faults = try DiskFaults(in: folder)
            let server = try LiveServer(folder: folder, ["--gate", "off"], environment: faults.environment)
            try server.record(Self.rows)
            var versions: [String] = []
            for ahead in [0, 86_400, -86_400, 0] {
                let seconds = (0..<8).map { UInt8(truncatingIfNeeded: ahead >> (8 * $0)) }
                try faults.set([UInt8](repeating: 0, count: 8) + seconds)
                let answer = try server.post("/train")
                versions.append(try #require(answer.document?["version"]?.text, "\(answer.text)"))
            }
            #expect(versions == versions.sorted() && Set(versions).count == versions.count)
        }
    }
}
