import Documents
import HTTPServer
import Metrics
import ModelService
import Specification

/// What all routes that predict have in common: the model in service, and where large requests are worked off.
struct RowPredictor {
    static let versionHeader = "Model-Version"
    /// From this size on a body is worked off outside the threads that serve predictions, in bytes.
    private static let largeBody = 2 * 1024

    let service: ModelService
    let memory: RequestMemory
    let bodies: BodyThreads
    let unseen: UnseenLevels

    var specification: ModelSpecification { service.specification }

    /// - Throws: 503 where there is none.
    func model() throws(Problem) -> ServedModel {
        guard let served = service.current else {
            throw Problem(
                503, "there is no model yet: train one, or start with --initial-model",
                headers: [HTTPField("Retry-After", "5")])
        }
        return served
    }

    /// Answers a row, and counts it.
    /// - Throws: as `PredictionAnswer`.
    @inline(__always)
    func answer(_ given: PredictionInput, by served: ServedModel) throws(Problem) -> PredictionAnswer {
        let input = service.settings.foldsCase ? given.folded(by: served) : given
        let answer = try PredictionAnswer(input, served: served, unseen: unseen)
        served.predictions.count(input.levels.first)
        return answer
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
