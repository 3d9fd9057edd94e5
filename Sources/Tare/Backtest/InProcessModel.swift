import Documents
import ModelService
import Regression
import Streaming

/// The model server of a backtest: observes, fits and predicts as `tare serve` does, without HTTP, a database or a file.
final class InProcessModel: ModelClient {
    private let specification: ModelSpecification
    private let rows: RowSelection
    private var served: ModelVersion
    /// Oldest first; of equal times in the order in which they came.
    private var observations: [Observation] = []
    private var identities: Set<String> = []

    init(_ first: ModelVersion, rows: RowSelection) {
        specification = first.specification
        self.rows = rows
        served = first
    }

    func predict(predictors: [Double], level: String) -> Prediction {
        let estimate = served.estimate(predictors: predictors, level: level)
        return Prediction(
            value: estimate.value, modelTime: served.time.modelTimeText, isLevelSeen: estimate.isLevelSeen)
    }

    /// Keeps the rows that are good, and refuses the call where any is not, as the server does.
    func record(_ documents: [JSON]) throws(ModelClientError) {
        var problem: ObservationProblem?
        for document in documents {
            do throws(ObservationProblem) {
                insert(try Observation(document: document, specification: specification))
            } catch {
                problem = problem ?? error
            }
        }
        if let problem { throw .refused(status: 422, problem.description) }
    }

    func train(_ trigger: JSON) -> JSON {
        do throws(TrainingRefusal) {
            let rows = TrainingRows(oldestFirst: rows.choose(observations), specification: specification)
            try rows.requireSpareRow()
            // Two models never bear the same time, whatever the clock of the events does.
            let time = max(observations.last?.timestamp ?? served.time, served.time.advanced(byMilliseconds: 1000))
            served = try ModelVersion(fitting: rows, time: time, parent: served.version, trigger: trigger)
            return ["status": "retrained", .init(specification.fields.modelTime): .string(time.modelTimeText)]
        } catch {
            return ["status": "skipped", "reason": .string(error.reason)]
        }
    }

    func model() -> JSON { served.document }

    private func insert(_ observation: Observation) {
        guard identities.insert(observation.identity).inserted else { return }
        var place = observations.endIndex
        while place > 0, let time = observation.timestamp, let other = observations[place - 1].timestamp, time < other {
            place -= 1
        }
        observations.insert(observation, at: place)
    }
}
