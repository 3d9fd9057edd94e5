import ArgumentParser
import EventProcessing
import Foundation
import Regression
import Specification
import Testing

@testable import Companion

/// `tare stream` as a process, without a server or with one that is away.
@Suite("tare stream")
struct StreamTests {
    /// A folder for one test; the test removes it.
    private func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tare-stream-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Predictions and weighings of `count` fish, two seconds apart, as kcat prints them.
    private func capture(_ count: Int) -> String {
        (0..<count).map { number in
            let time = 1_623_240_000_000 + number * 2000
            let prediction = #"{\"Length\":95,\"Height\":18,\"Species\":\"salmon\",\"Prediction\":{\"Weight\":5}}"#
            return """
                {"topic":"weight-prediction","ts":\(time),"key":"\(number)","payload":"\(prediction)"}
                {"topic":"machine-weight","ts":\(time),"key":"\(number)","payload":"{\\"Weight\\":4}"}

                """
        }.joined()
    }

    @Test("a capture is replayed without a server, and gives the same bytes each time")
    func replay() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "capture.jsonl")
        try capture(40).write(to: file, atomically: false, encoding: .utf8)
        let arguments = ["stream", "--source", "kcat:\(file.path)", "--roles", "join,window", "--output", "ndjson"]
        let first = try TareProcess.run(arguments)
        #expect(first.status == 0)
        let lines = first.output.split(separator: "\n")
        #expect(lines.count == 41)
        #expect(lines.first?.hasPrefix(#"{"Fish_Id":"0","Key":"Key","Species":"salmon","Length":95.0"#) == true)
        #expect(
            lines[31]
                == #"{"Species":["salmon"],"Fish_Id_Start":"0","Fish_Id_End":"29","ErrorAvg":0.25,"#
                + #""WindowStart":1623240000000,"WindowEnd":1623240060000}"#)
        #expect(first.errors.contains("joined      40"))
        #expect(try TareProcess.run(arguments).output == first.output)
    }

    @Test(
        "the rules can be set apart from the preset's",
        arguments: [
            (["--threshold", "0.25"], 0), (["--threshold", "0.2499"], 1), (["--window", "10s"], 7),
            (["--window", "0.25m", "--grace", "15s"], 4), (["--grace", "60"], 0), (["--preset", "recipe"], 0),
        ])
    func rules(_ extra: [String], _ triggers: Int) throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "capture.jsonl")
        try capture(40).write(to: file, atomically: false, encoding: .utf8)
        let result = try TareProcess.run(
            ["stream", "--source", "kcat:\(file.path)", "--roles", "join,window", "--output", "ndjson"] + extra)
        #expect(result.status == 0)
        #expect(result.output.split(separator: "\n").count { $0.contains("ErrorAvg") } == triggers)
    }

    @Test(
        "what is given wrongly is refused with what was given and what is accepted",
        arguments: [
            (["--source", "http://localhost"], ["http://localhost", "simulator", "kcat:FILE"]),
            (["--source", "mongodb://u:secret@h/a b"], ["a b", "DB.COLLECTION"]),
            (["--source", "mongodb://h/mdb", "--roles", "predict"], ["--roles without join"]),
            (["--source", "kafka://"], ["kafka://", "kafka://HOST:PORT"]),
            (["--source", "kafka://h:1", "--output", "kcat"], ["--speed and --output", "kafka://h:1"]),
            (
                ["--source", "kafka://h:1", "--detector", "sequential", "--roles", "window"],
                ["--detector sequential", "one process plays window and trigger", "given are window"]
            ),
            (["--source", "kcat:"], ["kcat:", "kcat:FILE"]), (["--source", ""], ["accepted are simulator"]),
            (["--roles", "predict,jion"], ["jion", "predict, join, window, record, trigger"]),
            (["--roles", "predict,"], ["''", "accepted are"]),
            (["--roles", "join,window", "--source", "-"], ["--roles join,window", "kcat:FILE"]),
            (["--preset", "cloud"], ["cloud", "blog", "recipe", "recipe-quoted"]),
            (["--output", "csv"], ["csv", "text", "ndjson", "kcat"]), (["--speed", "fast"], ["fast", "max"]),
            (["--speed", "0"], ["'0'", "max"]), (["--window", "0"], ["--window is 0", "1ms"]),
            (["--window", "1fortnight"], ["1fortnight", "60s"]), (["--threshold", "much"], ["much", "0.15"]),
            (["--within", "0", "--grace", "0"], ["--within and --grace"]),
            (["--window", "1ms", "--grace", "1h"], ["--grace is 3600000 windows", "100000"]),
            (["--server", "localhost:8000"], ["localhost:8000", "http://HOST:PORT"]),
        ])
    func badArguments(_ arguments: [String], _ words: [String]) throws {
        let result = try TareProcess.run(["stream"] + arguments)
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
    }

    @Test("a file that is not there ends the run with its name")
    func noFile() throws {
        let result = try TareProcess.run(["stream", "--source", "/nowhere/events.ndjson"])
        #expect(result.status == 1)
        #expect(result.errors.contains("/nowhere/events.ndjson cannot be opened"))
    }

    @Test("an event without a time is set aside with its line, and the run goes on")
    func setAside() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "events.ndjson")
        try """
        {"Fish_Id":"1","Weight":4}
        {"Fish_Id":"1","Weight":4,"Timestamp":"2021-06-09T06:20:00Z"}
        """.write(to: file, atomically: false, encoding: .utf8)
        let result = try TareProcess.run(["stream", "--source", file.path, "--model", LiveServer.initialModel])
        #expect(result.status == 0)
        #expect(result.errors.contains("set aside: line 1: Timestamp is missing"))
        #expect(result.errors.contains("events      2 "))
        #expect(result.errors.contains("set aside   1"))
    }

    @Test("a reader that leaves ends the run in silence, as the shell says it of a broken pipe")
    func brokenPipe() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "capture.jsonl")
        try capture(20_000).write(to: file, atomically: false, encoding: .utf8)
        let process = try TareProcess(["stream", "--source", "kcat:\(file.path)", "--roles", "join"])
        defer { process.end() }
        #expect(try process.readLine()?.hasPrefix("fish ") == true)
        process.closeOutput()
        let result = process.finish()
        #expect(result.status == 141)
        #expect(result.errors.isEmpty)
    }

    @Test("a stop signal ends a run that waits, with its summary and status 0", arguments: [SIGINT, SIGTERM])
    func stopWhileWaiting(_ signal: CInt) throws {
        // The first fish is weighed at once, the next is due in an hour.
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "capture.jsonl")
        let later = capture(1).replacing("1623240000000", with: "1623243600000")
        try (capture(1) + later).write(to: file, atomically: false, encoding: .utf8)
        let process = try TareProcess([
            "stream", "--source", "kcat:\(file.path)", "--roles", "join", "--speed", "1", "--output", "ndjson",
        ])
        defer { process.end() }
        #expect(try process.readLine()?.hasPrefix(#"{"Fish_Id":"0""#) == true)
        process.send(signal)
        let result = process.finish()
        #expect(result.status == 0)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("joined      1\n"))
    }

    @Test("a stop signal ends a run whose server is away; that is said once")
    func stopWhileAway() throws {
        // Nobody listens on the port 1 of this machine.
        let process = try TareProcess(["stream", "--server", "http://127.0.0.1:1", "--source", "simulator"])
        defer { process.end() }
        #expect(try process.readLine()?.hasPrefix("fish ") == true)
        process.send(SIGTERM)
        let result = process.finish()
        #expect(result.status == 0)
        #expect(result.errors.split(separator: "\n").count { $0.hasPrefix("waiting for the model server") } <= 1)
        #expect(result.errors.contains("events      "))
    }

    @Test(
        "the sequential detector watches where neither a preset nor a window's rule is named, and topics tell no model",
        arguments: [
            ([], true), (["--source", "events.ndjson"], true), (["--roles", "predict,join,window"], true),
            (["--check-every", "0"], true), (["--preset", "blog"], false), (["--preset", "recipe-quoted"], false),
            (["--threshold", "0.2"], false), (["--window", "10s"], false), (["--source", "mongodb://h/mdb"], false),
            (["--source", "kcat:-", "--roles", "join,window"], false), (["--source", "kafka://h:1"], false),
            (["--preset", "blog", "--detector", "sequential"], true), (["--detector", "window"], false),
        ])
    func defaultDetector(_ arguments: [String], _ isSequential: Bool) throws {
        let command = try StreamCommand.parse(arguments)
        let preset = command.preset(for: .fish)
        var rules = SequentialRules()
        (rules.falseAlarmInterval, rules.checkInterval) = (1_000_000, arguments.contains("--check-every") ? nil : 200)
        #expect(try command.detector(preset) == (isSequential ? .sequential(rules) : .window(preset.window)))
    }

    @Test("a window over errors in the response's own unit needs a threshold, and sigmas have one")
    func thresholdOfUnits() throws {
        func specification(_ measure: ModelSpecification.ErrorMeasure) throws -> ModelSpecification {
            ModelSpecification(
                subject: "rows", response: .init(name: "y", field: "y", actualField: "y", predictedField: "Predicted"),
                predictors: [.init(name: "x", field: "x", maximum: 10)], factor: nil, formula: try Formula("y ~ x"),
                errorMeasure: measure,
                fields: .init(identifier: "id", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime"))
        }
        let window = try StreamCommand.parse(["--detector", "window"])
        let error = #expect(throws: ValidationError.self) {
            try window.detector(window.preset(for: try specification(.absolute)))
        }
        #expect(error.map { "\($0)".contains("--threshold is missing") } == true)
        #expect(window.preset(for: try specification(.sigma)).window.threshold.value == 2)
        for arguments in [["--detector", "window", "--threshold", "5"], ["--detector", "sequential"]] {
            let command = try StreamCommand.parse(arguments)
            _ = try command.detector(command.preset(for: try specification(.absolute)))
        }
    }

    @Test(
        "a rule of the detector that is not chosen, or out of its range, is refused by name",
        arguments: [
            (["--preset", "blog", "--check-every", "50"], "--check-every is a rule of --detector sequential"),
            (["--threshold", "0.1", "--false-alarm-every", "500"], "--false-alarm-every is a rule of --detector sequ"),
            (["--detector", "sequential", "--threshold", "0.2"], "--threshold is a rule of --detector window"),
            (
                ["--detector", "sequential", "--source", "kcat:-", "--roles", "join,window"],
                "one process plays window and trigger; given are join,window"
            ),
            (["--detector", "sequential", "--false-alarm-every", "7"], "accepted is 100 to"),
            (["--check-every", "9"], "--check-every is 9; accepted is 10 to 1000000, and 0 for never"),
            (["--detector", "adwin"], "window"),
        ])
    func detectorOptions(_ arguments: [String], _ message: String) throws {
        let result = try TareProcess.run(["stream"] + arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains(message))
    }
}
