import Documents
import Foundation
import MongoTesting
import Testing

@testable import Tare

/// What a server wrote of the worked example before there were formulas (commit 469ae36): 60 rows, two models, one of them
/// trained, and what it answered last.
@Suite("Files and documents of before there were formulas", .timeLimit(.minutes(40)))
struct FormerFilesTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/before-formulas")

    private static func answers() throws -> [JSON.Member] {
        let text = try Data(contentsOf: fixtures.appending(path: "answers.json"))
        return try JSON(parsing: Array(text)).members ?? []
    }

    /// All that was answered is answered still, number by number; an unseen level has `Unseen` beside it since.
    private func expectAnswers(of server: LiveServer) throws {
        for expected in try Self.answers() {
            let answer = try server.get(expected.name).document?.members?.filter { $0.name != "Unseen" }
            #expect(answer == expected.value.members, "\(expected.name)")
        }
        let conflict = try server.post(
            "/observations",
            #"{"Fish_Id":"60","Species":"walleye","Length":1,"Height":1,"ActualWeight":1,"#
                + #""Timestamp":"2021-06-09T06:00:59.000Z"}"#)
        #expect(conflict.document?["conflicts"] == 1, "the row is known: \(conflict.text)")
        let trained = try server.post("/train")
        // The same rows again are no better.
        #expect(trained.document?["verdict"]?["rows"] == 40, "\(trained.text)")
        let again = try server.post(
            "/train", #"{"Species":["walleye"],"Fish_Id_Start":"31","Fish_Id_End":"60","ErrorAvg":0.4}"#)
        #expect(again.document?["version"]?.text == "20261122T014130295Z-359923b1", "\(again.text)")
    }

    @Test("a folder of models and a file of rows serve, train and are whole")
    func files() throws {
        try withLiveFolder { folder in
            try FileManager.default.copyItem(
                at: Self.fixtures.appending(path: "models"), to: folder.appending(path: "models"))
            try FileManager.default.copyItem(
                at: Self.fixtures.appending(path: "rows.sqlite"), to: folder.appending(path: "rows.sqlite"))
            let places = ["--models", "\(folder.path)/models", "--store", "sqlite:\(folder.path)/rows.sqlite"]
            let server = try LiveServer(folder: folder, ["--rows", "newest:40"])
            try expectAnswers(of: server)
            #expect(server.stop().status == 0)
            let check = try TareProcess.run(["check", "--journal", "\(folder.path)/journal"] + places)
            #expect(check.status == 0, "\(check.output)\(check.errors)")
        }
    }

    @Test(
        "so do the documents of both in MongoDB",
        .enabled(if: MongoServer.isAvailable, "\(MongoServer.noneToKill)"))
    func documents() throws {
        try withLiveFolder { folder in
            let database = try MongoServer()
            let shell = MongoShell(uri: database.uri, database: "tare")
            try layOut(shell)
            let server = try LiveServer(
                folder: folder,
                [
                    "--rows", "newest:40", "--models", "\(database.uri)/tare.models", "--store",
                    "\(database.uri)/tare.rows",
                ])
            try expectAnswers(of: server)
            #expect(server.stop().status == 0)
        }
    }

    /// What the server of then would have written of the same rows and models.
    private func layOut(_ shell: MongoShell) throws {
        let models = Self.fixtures.appending(path: "models")
        for file in try FileManager.default.contentsOfDirectory(atPath: models.path) where file.hasSuffix(".json") {
            let document = try JSON(parsing: Array(Data(contentsOf: models.appending(path: file))))
            try shell.insert(
                [
                    [
                        "_id": document["version"] ?? .null, "time": document["time"] ?? .null,
                        "parent": document["parent"] ?? .null, "state": "served", "rows": document["rows"] ?? .null,
                        "rowsHash": document["rowsHash"] ?? .null, "document": .string(document.compact),
                    ]
                ], into: "models")
        }
        let text = try String(contentsOf: models.appending(path: "serving.state"), encoding: .utf8)
        let state = try JSON(parsing: text)
        try shell.insert(
            [
                [
                    "_id": "serving", "revision": state["revision"] ?? .null, "active": state["active"] ?? .null,
                    "document": .string(text),
                ]
            ], into: "models")
        let rows = try RowsOfSQLite.documents(in: Self.fixtures.appending(path: "rows.sqlite"))
        #expect(rows.count == 60)
        try shell.insert(
            rows.map { row in
                let identity: JSON = [row["Timestamp"] ?? .null, row["Fish_Id"] ?? .null]
                return .object([JSON.Member("_id", .string(identity.compact))] + (row.members ?? []))
            })
    }
}

/// The rows of a file as they stand in it.
private enum RowsOfSQLite {
    static func documents(in file: URL) throws -> [JSON] {
        let query = Process()
        query.executableURL = URL(filePath: "/usr/bin/python3")
        query.arguments = [
            "-c",
            "import sqlite3, sys\nfor row in sqlite3.connect('file:' + sys.argv[1] + '?mode=ro&immutable=1', uri=True)"
                + ".execute('SELECT document FROM observation'): print(row[0])", file.path,
        ]
        let output = Pipe()
        query.standardOutput = output
        try query.run()
        let lines = try output.fileHandleForReading.readToEnd() ?? Data()
        query.waitUntilExit()
        return try lines.split(separator: UInt8(ascii: "\n")).map { try JSON(parsing: Array($0)) }
    }
}
