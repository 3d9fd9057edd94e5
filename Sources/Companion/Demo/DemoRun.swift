import Documents
import EventProcessing
import Foundation
import Program
import Regression
import Specification
import Streaming

/// One run of the demo: the processes on one side, the story on the other.
struct DemoRun {
    let script: DemoScript
    let style: TerminalStyle
    let words: DemoWords
    let isHeld: Bool
    /// Shows a line at once.
    let say: (String) throws -> Void

    /// - Throws: `DemoTroupe.Interruption` where a signal came or the story did not happen.
    func play(_ troupe: DemoTroupe) throws {
        defer { troupe.dismiss() }
        try say("Fitting a first model on 100 salmon, and starting a server for it ...")
        let (server, address) = try startServer(troupe)
        var limits = CurlModelClient.Limits()
        limits.answerMilliseconds = 3000
        let client = CurlModelClient(server: try ServerAddress(address), specification: .builtIn, limits: limits)
        try say("")
        for line in words.server(address) { try say(line) }

        var story = Story(style: style, fishExpected: Factory.story.count)
        for line in story.begin(with: try report(client)) { try say(line) }
        try tell(&story, troupe, server: server, address: address, client: client)
        for line in story.end() { try say(line) }
        if let failure = story.failure { throw DemoTroupe.Interruption.failure(failure) }
        for line in words.next(address: isHeld ? address : nil) { try say(line) }
        if isHeld { try troupe.hold(server) }
    }

    private func startServer(_ troupe: DemoTroupe) throws -> (ChildProcess, String) {
        let rows = try [SimulatedLines.rowsHead(.builtIn)] + script.firstFish.map(SimulatedLines.row)
        try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: troupe.path("salmon.csv")))
        let model = troupe.path("salmon.json")
        try troupe.finish(
            try troupe.start("fit", script.fit(rows: troupe.path("salmon.csv"), model: model)), secondsMax: 60)

        let server = try troupe.start(
            "server",
            script.serve(store: troupe.path("rows.sqlite"), models: troupe.path("models"), initialModel: model))
        var address: String?
        try troupe.read(server, silenceSecondsMax: 60) { line in
            address = line.split(separator: "listening on ").last.map(String.init).flatMap { $0 == line ? nil : $0 }
            return address != nil
        }
        guard let address else { throw troupe.ended(server) }
        return (server, address)
    }

    /// Plays the stream to its end.
    private func tell(
        _ story: inout Story, _ troupe: DemoTroupe, server: ChildProcess, address: String, client: CurlModelClient
    ) throws {
        let now = Timestamp.now
        let stream = try troupe.start(
            "stream", script.stream(server: address, start: DemoScript.start(now: now)))
        try troupe.read(stream, besides: [server], silenceSecondsMax: 60) { line in
            for action in story.tell(try StoryEvent(line: line, specification: .builtIn)) {
                switch action {
                case .say(let line): try say(line)
                case .askForModel:
                    for line in story.tell(model: try report(client)) { try say(line) }
                }
            }
            return false
        }
        try troupe.finish(stream, secondsMax: 60)
    }

    /// The model as the server describes it, and what it makes of one fish.
    private func report(_ client: CurlModelClient) throws -> ModelReport {
        do throws(ModelClientError) {
            let document = try client.model()
            var quotes: [ModelReport.Quote] = []
            for level in Factory.levels {
                let prediction = try client.predict(predictors: [95, 18], levels: [level.name])
                quotes.append(ModelReport.Quote(level: level.name, value: prediction.value))
            }
            if let report = ModelReport(document: document, quotes: quotes) { return report }
            throw .refused(status: 200, "GET /model answered without coefficients")
        } catch {
            switch error {
            case .unavailable(let reason), .refused(_, let reason): throw DemoTroupe.Interruption.failure(reason)
            }
        }
    }
}
