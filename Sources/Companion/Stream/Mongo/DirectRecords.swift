import Documents
import EventProcessing
import ModelService
import Program
import Regression
import Specification
import Streaming

/// A model server whose rows are not sent to it but written straight into its collection, as the recipe's sink does.
final class DirectRecords: ModelClient {
    private let server: any ModelClient
    private let store: any Store
    private let specification: ModelSpecification
    private let database: PatientDatabase

    init(_ server: any ModelClient, store: any Store, specification: ModelSpecification, database: PatientDatabase) {
        self.server = server
        self.store = store
        self.specification = specification
        self.database = database
    }

    deinit { store.close() }

    func predict(predictors: [Double], levels: [String]) throws(ModelClientError) -> Prediction {
        try server.predict(predictors: predictors, levels: levels)
    }

    func train(_ trigger: JSON) throws(ModelClientError) -> JSON { try server.train(trigger) }

    func model() throws(ModelClientError) -> JSON { try server.model() }

    /// Waits for a database that is away until a stop is asked for. As with the server, the good rows are kept where
    /// others are refused.
    func record(_ texts: [[UInt8]]) throws(ModelClientError) {
        var rows: [Observation] = []
        var problem: ObservationProblem?
        let rule = RowRule(
            specification,
            clock: RowRule.Clock(now: .now, secondsAheadMax: ModelService.Settings().clockSkewSecondsMax))
        for document in texts.map({ (try? JSON(parsing: $0)) ?? .null }) {
            do throws(ObservationProblem) {
                rows.append(try Observation(document: document, rule: rule))
            } catch {
                problem = problem ?? error
            }
        }
        try store(rows)
        if let problem { throw .refused(status: 422, "\(problem)") }
    }

    private func store(_ rows: [Observation]) throws(ModelClientError) {
        guard !rows.isEmpty else { return }
        while true {
            do throws(StoreError) {
                let store = store
                if try database.ask({ () throws(StoreError) in try store.record(rows) }) != nil { return }
            } catch {
                throw .refused(status: 422, "\(error)")
            }
            if database.isStopping { throw .unavailable("a stop was asked for") }
        }
    }
}
