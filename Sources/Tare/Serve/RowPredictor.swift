import Documents
import HTTPServer
import Metrics
import ModelService
import Program
import Specification

/// What all routes that predict have in common: the model in service, and where large requests are worked off. A class,
/// because who hands on a value counts the references of all its parts on each prediction.
final class RowPredictor: Sendable {
    static let versionHeader = "Model-Version"
    /// From this size on a body is worked off outside the threads that serve predictions, in bytes.
    private static let largeBody = 2 * 1024

    let service: ModelService
    let memory: RequestMemory
    let bodies: BodyThreads
    let unseen: UnseenLevels
    private let foldsCase: Bool

    var specification: ModelSpecification { service.specification }

    init(service: ModelService, memory: RequestMemory, bodies: BodyThreads, unseen: UnseenLevels) {
        self.service = service
        self.memory = memory
        self.bodies = bodies
        self.unseen = unseen
        foldsCase = service.settings.foldsCase
    }

    /// - Throws: 503 where there is none.
    func model() throws(Problem) -> ServedModel {
        guard let served = service.current else {
            throw Problem(
                503, "there is no model yet: train one, or start with --initial-model",
                headers: [HTTPField("Retry-After", "5")])
        }
        return served
    }

    /// Answers a row of which there is nothing to say but the estimate, and counts it; nil of another.
    @inline(__always)
    func ordinaryAnswer(_ given: PredictionInput, by served: ServedModel) -> [UInt8]? {
        guard !foldsCase,
            let body = served.ordinaryAnswer(predictors: given.predictors, levels: given.levels)
        else { return nil }
        served.predictions.count(given.levels.first)
        return body
    }

    /// Answers a row, and counts it.
    /// - Throws: as `PredictionAnswer`.
    func answer(_ given: PredictionInput, by served: ServedModel) throws(Problem) -> PredictionAnswer {
        let input = folded(given, by: served)
        let answer = try PredictionAnswer(input, served: served, unseen: unseen)
        served.predictions.count(input.levels.first)
        return answer
    }

    /// The row as it counts.
    func folded(_ given: PredictionInput, by served: ServedModel) -> PredictionInput {
        foldsCase ? given.folded(by: served) : given
    }

    func reply(to request: HTTPRequest, _ work: @escaping @Sendable () -> HTTPResponse) -> HTTPReply {
        guard request.body.count >= Self.largeBody else { return .now(work()) }
        return bodies.reply(to: request, work)
    }

    /// Nil for a small body: what is made of it is at most some hundred times as large.
    func reserve(_ bytes: Int, for request: HTTPRequest) throws(Problem) -> MemoryReservation? {
        guard request.body.count >= Self.largeBody else { return nil }
        do throws(HTTPRefusal) { return try memory.reserve(bytes, for: request.client) } catch { throw Problem(error) }
    }

    static func version(_ served: ServedModel) -> HTTPField { HTTPField(versionHeader, served.version) }
}
