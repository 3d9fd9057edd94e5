import Documents
import Foundation
import Testing

@testable import Tare

/// The program and Triton's own client, which Scripts/setup installs (`make test`).
@Suite("Triton's client", .timeLimit(.minutes(40)))
struct TritonClientTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func infer(_ server: LiveServer, _ rows: JSON) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = Self.root.appending(path: ".tools/python/bin/python")
        process.arguments = [
            Self.root.appending(path: "Tests/Clients/infer.py").path, "127.0.0.1:\(server.port)", rows.compact,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let text = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }

    @Test("gets of the fish what /prediction answers, and is told what it does wrong")
    func fish() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let (status, text) = try infer(
                server,
                [
                    ["length": 95, "height": 18, "species": "salmon"],
                    ["length": 82.5, "height": 20, "species": "salmon"],
                    ["length": 60, "height": 15.25, "species": "walleye"],
                ])
            #expect(status == 0 && text.contains("fish: 3 rows"), "\(text)")
            #expect(server.stop().status == 0)
        }
    }

    @Test("gets the same of a regression of one's own, with a transformed response, two factors and strange names")
    func own() throws {
        try withLiveFolder { folder in
            let rows = folder.appending(path: "rows.csv"), model = folder.appending(path: "model.json").path
            let lines = (0..<90).map { number in
                let (size, kind, place) = (
                    30 + number * 37 % 101, ["a", "b c", "ü"][number % 3], ["x", "y"][number / 3 % 2]
                )
                return "\(size),\(kind),\(place),\(100 + 3 * size + 20 * (number % 3) + number * 53 % 17)\n"
            }
            try Data(("floor.size,Art der Größe,place,cost\n" + lines.joined()).utf8).write(to: rows)
            let fit = try TareProcess.run([
                "fit", rows.path, "--formula", "log(cost) ~ log(floor.size) * `Art der Größe` + place", "--subject",
                "houses", "--out", model,
            ])
            try #require(fit.status == 0, "\(fit.errors)")
            let server = try LiveServer(folder: folder, ["--initial-model", model])
            let (status, text) = try infer(
                server,
                [
                    ["floor.size": 75, "Art der Größe": "ü", "place": "x"],
                    ["floor.size": 40.5, "Art der Größe": "neu", "place": "z"],
                    ["floor.size": 100, "Art der Größe": "b c", "place": "y"],
                ])
            #expect(status == 0 && text.contains("houses: 3 rows"), "\(text)")
            #expect(server.stop().status == 0)
        }
    }
}
