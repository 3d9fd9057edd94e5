import Dispatch
import Documents
import EventProcessing
import Regression
import Specification
import Streaming
import Synchronization
import Threading

extension StreamCommand {
    /// Every role is a stage on a thread of its own, until a signal comes or one of them cannot go on.
    func runOnKafka(_ address: KafkaAddress) throws {
        let log = runLog
        let screen = Lock<LiveScreen?>(nil)
        let say: StageConnections.Say = { text, request in
            var log = log
            log.screen = screen.withLock { $0 }
            log.say(text, request)
        }
        let presence = KafkaPresence { say($0, nil) }
        let cluster = KafkaCluster(
            brokers: address.brokers, properties: try kafka.connection.properties(), presence: presence)
        let metrics = counting
        let metricsServer = try metricsServer(metrics, presence: presence, log)
        defer { metricsServer?.stop() }
        let specification = try specification(notices: StandardErrorNotices(log))
        var settings = KafkaRunSettings(
            cluster: cluster, roles: roles, preset: preset(for: specification), specification: specification)
        settings.detector = try detector(settings.preset)
        settings.group = kafka.group
        settings.deadLetterTopic = kafka.deadLetterTopic
        let credentials = try access.credentials()
        let live = isLive ? LiveScreen(specification) : nil
        screen.withLock { $0 = live }
        defer { live?.end() }
        let stages = KafkaStages(
            settings, server: access.server, credentials: credentials, say: say, observer: Self.observer(metrics, live))
        let reporter = try reporter(metrics, settings.preset)
        defer { reporter?.stop() }
        let summary = try stages.run()
        screen.withLock { $0 = nil }
        live?.end()
        log.say(summary, of: roles)
    }
}

/// The stages of one process.
private final class KafkaStages: Sendable {
    private struct State {
        var summary = RunSummary()
        var failure: String?
    }

    private let settings: KafkaRunSettings
    private let server: ServerAddress
    private let credentials: ServerCredentials
    private let say: StageConnections.Say
    private let observer: RunObserver?
    private let state = Lock(State())
    private let hasFailed = Atomic(false)

    init(
        _ settings: KafkaRunSettings, server: ServerAddress, credentials: ServerCredentials,
        say: @escaping StageConnections.Say, observer: RunObserver?
    ) {
        self.settings = settings
        self.server = server
        self.credentials = credentials
        self.say = say
        self.observer = observer
    }

    func run() throws -> RunSummary {
        let running = DispatchGroup()
        for role in settings.stages {
            running.enter()
            let isBegun = OwnThread.detach("tare-kafka") {
                self.run(role)
                running.leave()
            }
            if !isBegun {
                fail("no thread could be started")
                running.leave()
            }
        }
        running.wait()
        return try state.withLock { state in
            if let failure = state.failure { throw StreamFailure(description: failure) }
            return state.summary
        }
    }

    private func run(_ role: Roles) {
        do {
            let client =
                role.needModel
                ? CurlModelClient(server: server, specification: settings.specification, credentials: credentials)
                : nil
            let stage = try KafkaStage(
                role, settings,
                StageConnections(
                    clock: StageClock(hasFailed: { self.hasFailed.load(ordering: .acquiring) }), client: client,
                    say: say, observer: observer))
            let summary = try stage.run()
            state.withLock { $0.summary.add(summary) }
        } catch {
            fail("\(error)")
        }
    }

    private func fail(_ reason: String) {
        state.withLock { $0.failure = $0.failure ?? reason }
        hasFailed.store(true, ordering: .releasing)
    }
}

/// The machine's clock for one of several threads: a stop of one stops all.
private final class StageClock: StreamClock {
    private let clock = SystemClock()
    private let hasFailed: @Sendable () -> Bool

    init(hasFailed: @escaping @Sendable () -> Bool) { self.hasFailed = hasFailed }

    var date: Timestamp { clock.date }

    var now: Duration { clock.now }

    var isStopping: Bool { clock.isStopping || hasFailed() }

    func wait(_ duration: Duration) {
        let due = now + duration
        while !isStopping, case let left = due - now, left > .zero { clock.wait(min(left, .milliseconds(100))) }
    }
}
