import Documents
import Foundation
import MongoTesting
import Testing

@testable import Companion

/// The ten fish that the recipe's page inserts, told of at every update of their window (EMIT CHANGES).
@Suite("The recipe's ten fish", .timeLimit(.minutes(40)))
struct RecipeTrainingTests {
    private struct Fish {
        let identifier: String
        let level: String
        let height: Double
        let length: Double
        let predicted: Double
        let actual: Double

        var prediction: JSON {
            [
                "Fish_Id": .string(identifier), "Species": .string(level), "Height": .number(height),
                "Length": .number(length), "Prediction": .number(predicted),
            ]
        }

        var weight: JSON {
            ["Fish_Id": .string(identifier), "Species": .string(level), "Weight": .number(actual)]
        }
    }

    private static let fish = [
        Fish(identifier: "101", level: "Salmon", height: 17.33, length: 74.55, predicted: 3.78, actual: 4.38),
        Fish(identifier: "102", level: "Salmon", height: 19.11, length: 82.19, predicted: 4.17, actual: 3.17),
        Fish(identifier: "103", level: "Salmon", height: 21.07, length: 90.62, predicted: 4.6, actual: 5.6),
        Fish(identifier: "104", level: "Bass", height: 15.44, length: 56.23, predicted: 2.54, actual: 5.54),
        Fish(identifier: "105", level: "Bass", height: 17.02, length: 62, predicted: 2.8, actual: 1.8),
        Fish(identifier: "106", level: "Bass", height: 18.76, length: 68.34, predicted: 3.09, actual: 4.09),
        Fish(identifier: "107", level: "Trout", height: 13.34, length: 64.05, predicted: 1.47, actual: 2.47),
        Fish(identifier: "108", level: "Trout", height: 14.71, length: 70.61, predicted: 1.62, actual: 2.62),
        Fish(identifier: "109", level: "Trout", height: 16.22, length: 77.85, predicted: 1.79, actual: 2.79),
        Fish(identifier: "110", level: "Trout", height: 17.03, length: 81.74, predicted: 1.88, actual: 2.88),
    ]

    private func isTrained(_ server: LiveServer) throws -> Bool {
        try server.get("/model").document?["rows"]?.integer == Int64(Self.fish.count)
    }

    @Test("as lines, each update of the window is another trigger, and they train as soon as there are rows enough")
    func lines() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, ["--gate", "off"])
            var lines: [String] = []
            for (number, fish) in Self.fish.enumerated() {
                for (topic, document) in [("weight-prediction", fish.prediction), ("machine-weight", fish.weight)] {
                    let line: JSON = [
                        "topic": .string("kt.mdb.\(topic)"), "ts": .integer(1_646_327_820_000 + Int64(number) * 1000),
                        "key": .string(fish.identifier), "payload": .string(document.compact),
                    ]
                    lines.append(line.compact)
                }
            }
            let file = folder.appending(path: "fish.jsonl")
            try lines.joined(separator: "\n").write(to: file, atomically: false, encoding: .utf8)
            let result = try TareProcess.run([
                "stream", "--source", "kcat:\(file.path)", "--roles", "join,window,record,trigger", "--preset",
                "recipe", "--server", "http://127.0.0.1:\(server.port)", "--output", "ndjson",
            ])
            #expect(result.status == 0)
            // Of the first fish the window's mean is below the threshold; of the next ones there are too few rows.
            let trained = try #require(result.errors.firstMatch(of: /triggers +9, (\d+) retrained/)).output.1
            #expect(try (1..<9).contains(#require(Int(trained))), "\(result.errors)")
            #expect(try isTrained(server))
        }
    }

    @Test(
        "as documents of MongoDB they do as well",
        .enabled(if: MongoServer.canStart, "\(MongoServer.noneToKill)"))
    func documents() throws {
        try withLiveFolder { folder in
            let database = try MongoServer(replicaSet: "rs0")
            let uri = "\(database.uri)/mdb"
            let server = try LiveServer(folder: folder, ["--gate", "off", "--store", "\(uri).training_data"])
            let shell = MongoShell(uri: database.uri, database: "mdb")
            let process = try TareProcess(
                ["stream", "--source", uri, "--server", "http://127.0.0.1:\(server.port)", "--output", "ndjson"])
            defer { process.end() }
            for fish in Self.fish {
                try shell.insert([fish.prediction], into: "weight-prediction")
                try shell.insert([fish.weight], into: "machine-weight")
            }
            for _ in 0..<1200 where try !isTrained(server) { usleep(50_000) }
            #expect(try isTrained(server), "\(process.errorsSoFar)")
            process.send(SIGTERM)
            #expect(process.finish().status == 0)
        }
    }

    @Test(
        "the sequential detector finds a change among predictions that another program made, and outlives kill -9",
        .enabled(if: MongoServer.canStart, "\(MongoServer.noneToKill)"))
    func sequential() throws {
        try withLiveFolder { folder in
            let database = try MongoServer(replicaSet: "rs0")
            let uri = "\(database.uri)/mdb"
            let server = try LiveServer(folder: folder, ["--store", "\(uri).training_data"])
            let shell = MongoShell(uri: database.uri, database: "mdb")
            func stream() throws -> TareProcess {
                try TareProcess([
                    "stream", "--source", uri, "--detector", "sequential", "--server",
                    "http://127.0.0.1:\(server.port)", "--output", "ndjson",
                ])
            }
            func judged() throws -> Int64? {
                let reply = try shell.run(["find": "tare_stream_state", "limit": 1])
                return reply["cursor"]?["firstBatch"]?.elements?.first?["detector"]?["rows"]?.integer
            }
            var factory = Factory(server: server, shell: shell)
            var process = try stream()
            defer { process.end() }
            try factory.deliver(60, factor: 1)
            for _ in 0..<600 where try judged() != 60 { usleep(50_000) }
            #expect(try judged() == 60, "\(process.errorsSoFar)")
            process.send(SIGKILL)
            let before = try server.get("/model").document?["version"]
            try factory.deliver(40, factor: 0.6)
            process.end()
            process = try stream()
            for _ in 0..<600 where try server.get("/model").document?["version"] == before { usleep(50_000) }
            let model = try #require(try server.get("/model").document)
            #expect(model["version"] != before, "\(process.errorsSoFar)")
            // A schedule would have asked after 200 fish.
            #expect(["errors", "follow-up"].contains(model["trigger"]?["Cause"]), "\(model["trigger"] ?? .null)")
            process.send(SIGTERM)
            #expect(process.finish().status == 0)
        }
    }

    /// Another program predicts every fish by what serves then, as it is weighed.
    private struct Factory {
        let server: LiveServer
        let shell: MongoShell
        private(set) var count = 0

        init(server: LiveServer, shell: MongoShell) {
            self.server = server
            self.shell = shell
        }

        /// - Parameter factor: of the weight that the first model was right about.
        mutating func deliver(_ fish: Int, factor: Double) throws {
            for _ in 0..<fish {
                let length = 80 + Double(count * 7 % 25)
                let height = 16 + Double(count * 5 % 9)
                let noise = 0.1 * sin(Double(count * count))
                let answer = try server.get("/prediction?length=\(length)&height=\(height)&species=salmon")
                let predicted = try #require(answer.document?["Weight"]?.double)
                let time = Timestamp(milliseconds: 1_646_327_820_000 + Int64(count) * 10_000)
                let fish = Fish(
                    identifier: "\(count)", level: "salmon", height: height, length: length, predicted: predicted,
                    actual: (-0.8 + 0.05 * length + 0.03 * height + noise) * factor)
                for (collection, document) in [("weight-prediction", fish.prediction), ("machine-weight", fish.weight)]
                {
                    try shell.insert(
                        [.object((document.members ?? []) + [.init("Timestamp", .string(time.description))])],
                        into: collection)
                }
                count += 1
            }
        }
    }
}
