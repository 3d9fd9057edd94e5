import Documents
import EventProcessing

/// The model server, asked until it answers: where it is away, it is waited for with growing pauses, said once when
/// that begins and once when it is over.
final class PatientServer {
    private let client: any ModelClient
    private let clock: any StreamClock
    private let notices: any RunNotices
    private let observer: RunObserver?
    private let flush: () throws(RunInterruption) -> Void
    private var random: any RandomNumberGenerator
    private var isAway = false

    /// - Parameter flush: shows what must not be held back while the server is waited for.
    init(
        client: any ModelClient, clock: any StreamClock, notices: any RunNotices, random: any RandomNumberGenerator,
        observer: RunObserver?,
        flush: @escaping () throws(RunInterruption) -> Void
    ) {
        self.client = client
        self.clock = clock
        self.notices = notices
        self.observer = observer
        self.random = random
        self.flush = flush
    }

    /// Asking again changes nothing.
    struct Refusal: Error, Equatable {
        let reason: String
        /// The name of the request that was refused.
        var request: String?
    }

    func predict(_ question: PredictionQuestion) throws(RunInterruption) -> Result<Prediction, Refusal> {
        try insist(.predict) { client throws(ModelClientError) in
            try client.predict(predictors: question.predictors, levels: question.levels)
        }
    }

    /// What comes of asking for many predictions at once, which is asked for once: who waits for one of them insists.
    enum Foreseen: Equatable {
        case answered([Prediction])
        /// Not now, or not of all of these.
        case notAnswered
        /// The server has no such request.
        case unknown
    }

    func foresee(_ measurements: [Measurement]) -> Foreseen {
        do {
            let answers = try client.predict(many: measurements)
            guard let answers else { return .unknown }
            observer?(.asked(.predict, .answered))
            return .answered(answers)
        } catch {
            switch error {
            case .refused(let status, _): return [404, 405, 501].contains(status) ? .unknown : .notAnswered
            case .unavailable: return .notAnswered
            }
        }
    }

    func record(_ rows: [[UInt8]]) throws(RunInterruption) -> Result<Void, Refusal> {
        try insist(.record) { client throws(ModelClientError) in try client.record(rows) }
    }

    func train(_ trigger: JSON) throws(RunInterruption) -> Result<JSON, Refusal> {
        try insist(.train) { client throws(ModelClientError) in try client.train(trigger) }
    }

    func model() throws(RunInterruption) -> Result<JSON, Refusal> {
        try insist(.model) { client throws(ModelClientError) in try client.model() }
    }

    private func insist<Answer>(
        _ request: ModelRequest, _ ask: (any ModelClient) throws(ModelClientError) -> Answer
    ) throws(RunInterruption) -> Result<Answer, Refusal> {
        var backoff = Backoff()
        while true {
            do {
                let answer = try ask(client)
                observer?(.asked(request, .answered))
                noteAnswer()
                return .success(answer)
            } catch {
                switch error {
                case .refused(let status, let reason):
                    observer?(.asked(request, .refused))
                    noteAnswer()
                    return .failure(Refusal(reason: "refused with \(status): \(reason)", request: client.lastRequest))
                case .unavailable(let reason):
                    observer?(.asked(request, .unavailable))
                    if clock.isStopping { throw .stopped }
                    try noteAbsence(reason)
                }
            }
            clock.wait(backoff.next(fraction: Double.random(in: 0...1, using: &random)))
            if clock.isStopping { throw .stopped }
        }
    }

    private func noteAbsence(_ reason: String) throws(RunInterruption) {
        guard !isAway else { return }
        isAway = true
        observer?(.server(isAway: true))
        notices.say("waiting for the model server: \(reason)", about: client.lastRequest)
        try flush()
    }

    private func noteAnswer() {
        guard isAway else { return }
        isAway = false
        observer?(.server(isAway: false))
        notices.say("the model server is back", about: client.lastRequest)
    }
}
