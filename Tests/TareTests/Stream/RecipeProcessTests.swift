import Documents
import Foundation
import MongoTesting
import Testing

@testable import Tare

/// `tare stream` on the recipe's database, as a process with a mongod of its own.
@Suite(
    "tare stream: the recipe's database", .enabled(if: MongoServer.canStart, "\(MongoServer.noneToKill)"), .serialized,
    .timeLimit(.minutes(40)))
struct RecipeProcessTests {
    enum Kind: CaseIterable {
        case replicaSet, plain

        func server(startsNow: Bool = true) throws -> MongoServer {
            try MongoServer(replicaSet: self == .replicaSet ? "rs0" : nil, startsNow: startsNow)
        }
    }

    /// A factory's documents in a database, and the rows that came of them.
    private struct Database {
        let server: MongoServer
        let name: String

        var shell: MongoShell { MongoShell(uri: server.uri, database: name) }
        var uri: String { "\(server.uri)/\(name)" }

        /// Fish two seconds apart, weighed ten seconds later.
        func insert(_ fish: Range<Int>) throws {
            let begin = 1_646_327_820_000
            func time(_ number: Int, _ delay: Int) -> JSON {
                ["$date": ["$numberLong": .string("\(begin + number * 2000 + delay)")]]
            }
            try shell.insert(
                fish.map {
                    [
                        "Fish_Id": .string("\($0)"), "Species": "salmon", "Length": 90.5, "Height": 18.25,
                        "Prediction": 4.5, "Timestamp": time($0, 0),
                    ]
                }, into: "weight-prediction")
            try shell.insert(
                fish.map {
                    [
                        "Fish_Id": .string("\($0)"), "Species": "salmon", "Weight": .number(4 + Double($0 % 7) / 10),
                        "Timestamp": time($0, 10_000),
                    ]
                }, into: "machine-weight")
        }

        /// The rows in the order of their times.
        func rows() throws -> [JSON] {
            let reply = try shell.run([
                "find": "training_data", "sort": ["Timestamp": 1, "_id": 1], "batchSize": 100_000,
            ])
            return reply["cursor"]?["firstBatch"]?.elements ?? []
        }

        func awaitRows(_ count: Int) throws {
            for _ in 0..<600 {
                if try rows().count >= count { return }
                usleep(50_000)
            }
            Issue.record("\(try rows().count) rows of \(count) came")
        }

        func stream(_ more: [String] = []) throws -> TareProcess {
            try TareProcess(
                ["stream", "--source", uri, "--roles", "join,window,record", "--output", "ndjson"] + more,
                outputPath: "/dev/null")
        }

        /// Lets a stream run until there are so many rows, and stops it.
        func run(until count: Int) throws -> TareProcess.Result {
            let process = try stream()
            defer { process.end() }
            try awaitRows(count)
            process.send(SIGTERM)
            return process.finish()
        }
    }

    @Test(
        "existing documents and those that come are joined, judged and written as training rows",
        arguments: Kind.allCases)
    func rows(_ kind: Kind) throws {
        let database = Database(server: try kind.server(), name: "mdb")
        try database.insert(0..<30)
        try database.shell.insert([["Weight": 4.5], ["Fish_Id": "x", "Weight": "much"]], into: "machine-weight")
        let process = try database.stream()
        defer { process.end() }
        try database.awaitRows(30)
        try database.insert(30..<40)
        try database.awaitRows(40)
        process.send(SIGTERM)
        let result = process.finish()
        #expect(result.status == 0)
        #expect(
            result.errors.contains("Fish_Id is missing") && result.errors.contains("set aside   2"), "\(result.errors)")
        let row = try #require(try database.rows().first)
        #expect(
            row["Fish_Id"] == "0" && row["Length"] == 90.5 && row["ActualWeight"]?.double == 4 && row["Error"] == 0.125)
        #expect(row["Timestamp"] == "2022-03-03T17:17:10.000Z")
    }

    @Test("a run that is killed again and again ends with the rows of an undisturbed one", arguments: Kind.allCases)
    func killed(_ kind: Kind) throws {
        let server = try kind.server()
        let (calm, rough) = (Database(server: server, name: "calm"), Database(server: server, name: "rough"))
        let (fish, pieces) = (600, 12)
        for database in [calm, rough] { try database.insert(0..<120) }
        for piece in 1..<pieces {
            let process = try rough.stream()
            defer { process.end() }
            // At another moment each time: before the first row, among them, behind them all.
            usleep(useconds_t(100_000 + 70_000 * (piece * 5 % 11)))
            let start = 120 + (piece - 1) * (fish - 120) / (pieces - 1)
            try rough.insert(start..<120 + piece * (fish - 120) / (pieces - 1))
            usleep(useconds_t(20_000 * (piece * 7 % 10)))
            process.send(SIGKILL)
        }
        #expect(try rough.run(until: fish).status == 0)
        try calm.insert(120..<fish)
        #expect(try calm.run(until: fish).status == 0)
        let rows = try rough.rows()
        #expect(rows.count == fish)
        #expect(try rows == calm.rows())
    }

    @Test("a restarted run reads no more than it needs")
    func restarted() throws {
        let database = Database(server: try Kind.replicaSet.server(), name: "mdb")
        // Half an hour of fish; four minutes of them are needed again.
        try database.insert(0..<900)
        _ = try database.run(until: 900)
        try database.insert(900..<910)
        let result = try database.run(until: 910)
        let events = try #require(result.errors.firstMatch(of: /events +(\d+)/)).output.1
        #expect(try #require(Int(events)) < 600, "\(result.errors)")
    }

    @Test("a database that is away at the start, and later, is waited for; that is said once each time")
    func outages() throws {
        let server = try Kind.plain.server(startsNow: false)
        let database = Database(server: server, name: "mdb")
        let process = try database.stream()
        defer { process.end() }
        usleep(1_500_000)
        try server.start()
        try database.insert(0..<10)
        try database.awaitRows(10)
        server.kill()
        usleep(3_000_000)
        try server.start()
        try database.insert(10..<20)
        try database.awaitRows(20)
        process.send(SIGTERM)
        let result = process.finish()
        #expect(result.status == 0)
        #expect(
            result.errors.split(separator: "\n").count { $0.hasPrefix("waiting for mongodb://") } == 2,
            "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count { $0.hasSuffix(" is back") } == 2)
        #expect(try database.rows().count == 20)
    }

    @Test("a stop ends a run whose database is away")
    func stopWhileAway() throws {
        let process = try TareProcess([
            "stream", "--source", "mongodb://127.0.0.1:1/mdb", "--output", "ndjson", "--model",
            LiveServer.initialModel,
        ])
        defer { process.end() }
        #expect(process.says("waiting for mongodb://"), "\(process.errorsSoFar)")
        process.send(SIGTERM)
        #expect(process.finish().status == 0)
    }
}
