import Dispatch
import Documents
import EventProcessing
import ModelService
import Program
import Regression
import Specification
import Streaming
import Threading

/// The model server of a backtest: the service that `tare serve` puts on the wire, over rows and models in memory. Its
/// clock is that of the rows.
final class InProcessModel: ModelClient {
    private let service: ModelService
    private let first: ServedModel

    init(_ first: ModelVersion, settings: ModelService.Settings) {
        let rows = MemoryRows()
        let begin = first.time
        self.first = ServedModel(first)
        service = ModelService(
            specification: first.specification, store: rows, models: MemoryModels(), initial: first, settings: settings,
            clock: { max(begin, rows.newestTime ?? begin) })
    }

    private var served: ServedModel { service.current ?? first }

    func predict(predictors: [Double], levels: [String]) throws(ModelClientError) -> Prediction {
        let served = served
        guard let estimate = served.estimate(predictors: predictors, levels: levels) else {
            throw .refused(status: 422, "the model has not seen a level of these: \(levels.joined(separator: ", "))")
        }
        return Prediction(
            value: estimate.value, modelTime: served.modelTime, isLevelSeen: estimate.isLevelSeen,
            statement: service.specification.needsStatement
                ? PredictionStatement(median: estimate.median, sigma: served.sigma) : nil)
    }

    /// Keeps the rows that are good, and refuses the call where any is not, as the server does.
    func record(_ texts: [[UInt8]]) throws(ModelClientError) {
        var problem: ObservationProblem?
        var rows: [Observation] = []
        let rule = RowRule(service.specification)
        for document in texts.map({ (try? JSON(parsing: $0)) ?? .null }) {
            do throws(ObservationProblem) {
                rows.append(try Observation(document: document, rule: rule))
            } catch {
                problem = problem ?? error
            }
        }
        do throws(StoreError) { _ = try service.observe(rows) } catch { throw .unavailable(error.description) }
        if let problem { throw .refused(status: 422, problem.description) }
    }

    func train(_ trigger: JSON) throws(ModelClientError) -> JSON {
        let request = TrainingRequest(
            TriggerBody(trigger.bytes), key: nil, isForced: false, specification: service.specification)
        let answered = DispatchSemaphore(value: 0)
        let answer = Lock<JSON?>(nil)
        service.train(request) { outcome in
            answer.withLock { $0 = outcome.answer }
            answered.signal()
        }
        answered.wait()
        guard let document = answer.withLock({ $0 }) else { throw .unavailable("no training was possible") }
        return document
    }

    func model() -> JSON { served.model.document }
}
