import Documents
import Foundation
import ModelService
import MongoTesting
import Testing

@testable import Tare

@Suite("tare check", .timeLimit(.minutes(40)))
struct CheckCommandTests {
    private static let rows = Fish.rows(400).map { $0.document(.fish) }

    private func check(
        _ folder: URL, _ options: [String] = [], store: String? = nil
    ) throws -> (
        status: Int32, output: String
    ) {
        let result = try TareProcess.run(
            [
                "check", "--store", store ?? "sqlite:\(folder.path)/rows.sqlite", "--models",
                "\(folder.path)/models", "--journal", "\(folder.path)/journal",
            ] + options)
        return (result.status, result.output)
    }

    /// A folder with rows and three models.
    private func fill(_ folder: URL) throws {
        let server = try LiveServer(folder: folder, ["--gate", "off"])
        try server.record(Self.rows)
        for _ in 0..<2 { #expect(try server.post("/train").status == 200) }
        #expect(server.stop().status == 0)
    }

    @Test("what is whole is counted, nothing is made where there is nothing, and both end with 0")
    func whole() throws {
        try withLiveFolder { folder in
            let empty = try check(folder)
            #expect(empty.status == 0 && empty.output.contains("nothing yet"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
            try fill(folder)
            let full = try check(folder)
            #expect(full.status == 0, "\(full.output)")
            #expect(full.output.contains("400 rows, whole") && full.output.contains("3 models, whole"))
        }
    }

    @Test(
        "each damage is named with its place and ends with 1; repaired, it is set aside, what is whole is kept, and all is well"
    )
    func damaged() throws {
        try withLiveFolder { folder in
            try fill(folder)
            let models = folder.appending(path: "models")
            let names = try FileManager.default.contentsOfDirectory(atPath: models.path).filter {
                $0.hasSuffix(".json")
            }
            let model = models.appending(path: try #require(names.max()))
            let (state, store) = (models.appending(path: "serving.state"), folder.appending(path: "rows.sqlite"))
            try Data("{}".utf8).write(to: model)
            try Data().write(to: state)
            var bytes = try Data(contentsOf: store)
            let page = try #require(Self.pageOfRows(in: bytes))
            bytes.replaceSubrange(4096 * page..<4096 * (page + 1), with: Data(repeating: 0xA5, count: 4096))
            try bytes.write(to: store)

            let found = try check(folder)
            #expect(found.status == 1)
            for path in [model.lastPathComponent, state.path, store.path] {
                #expect(found.output.contains(path), "\(path): \(found.output)")
            }
            let repaired = try check(folder, ["--repair"])
            #expect(repaired.status == 0, "\(repaired.output)")
            for file in [model, state, store] {
                #expect(FileManager.default.fileExists(atPath: file.path + ".damaged-1"))
            }
            #expect(try Data(contentsOf: URL(filePath: store.path + ".damaged-1")) == bytes)
            let again = try check(folder)
            #expect(again.status == 0, "\(again.output)")

            let server = try LiveServer(folder: folder)
            #expect(try server.get("/readyz").document?["status"] == "ready")
            let answer = try server.post("/observations", JSON.array(Self.rows).compact).document
            let saved = try #require(answer?["duplicates"]?.integer)
            #expect((200..<400).contains(saved), "\(saved) of 400 rows")
            #expect(try server.post("/train").status == 200)
        }
    }

    /// The page with the most rows of a table: by SQLite's file format, section 1.6, such a page begins with 13, and has the
    /// number of its rows in its bytes 3 and 4.
    private static func pageOfRows(in file: Data) -> Int? {
        let pages = (1..<file.count / 4096).filter { file[4096 * $0] == 13 }
        return pages.max { rowCount($0, in: file) < rowCount($1, in: file) }
    }

    private static func rowCount(_ page: Int, in file: Data) -> Int {
        Int(file[4096 * page + 3]) << 8 | Int(file[4096 * page + 4])
    }

    @Test("what is no database at all is set aside too, twice without overwriting what was")
    func text() throws {
        try withLiveFolder { folder in
            let store = folder.appending(path: "rows.sqlite")
            for number in 1...2 {
                try Data(String(repeating: "no database \(number)", count: 100).utf8).write(to: store)
                #expect(try check(folder).status == 1)
                #expect(try check(folder, ["--repair"]).status == 0)
                let aside = try String(contentsOfFile: store.path + ".damaged-\(number)", encoding: .utf8)
                #expect(aside.hasPrefix("no database \(number)"))
            }
        }
    }

    @Test("a store that cannot be reached is told of, and ends with 1")
    func away() throws {
        try withLiveFolder { folder in
            let away = try check(folder, store: "mongodb://127.0.0.1:1/a.b")
            #expect(away.status == 1 && away.output.contains("127.0.0.1:1"))
        }
    }

    @Test(
        "a damaged model and state in MongoDB are set aside under other names",
        .enabled(if: MongoServer.isAvailable, "\(MongoServer.noneToKill)"))
    func mongo() throws {
        try withLiveFolder { folder in
            let database = try MongoServer()
            let models = "\(database.uri)/tare.models"
            let location = ["--models", models, "--store", "\(database.uri)/tare.rows"]
            func run(_ options: [String] = []) throws -> TareProcess.Result {
                try TareProcess.run(["check", "--journal", "\(folder.path)/journal"] + location + options)
            }
            let server = try LiveServer(folder: folder, location + ["--journal", "\(folder.path)/journal"])
            try server.record(Array(Self.rows.prefix(60)))
            #expect(try server.post("/train").status == 200)
            #expect(server.stop().status == 0)
            #expect(try run().status == 0)
            let shell = MongoShell(uri: database.uri, database: "tare")
            let broken: JSON = ["$set": ["document": "{}"]]
            try shell.run(["update": "models", "updates": [["q": [:], "u": broken, "multi": true]]])
            let found = try run()
            #expect(found.status == 1 && found.output.contains("'serving' is no state"), "\(found.output)")
            let repaired = try run(["--repair"])
            #expect(repaired.status == 0 && repaired.output.contains("damaged-serving"), "\(repaired.output)")
            #expect(try run().status == 0)
        }
    }
}
