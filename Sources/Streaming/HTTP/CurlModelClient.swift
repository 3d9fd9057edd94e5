package import Documents
package import EventProcessing
import Regression
package import Specification

/// The model server over HTTP. One client belongs to one thread at a time; it keeps one connection open.
package final class CurlModelClient: ModelClient {
    package struct Limits: Sendable {
        package var connection = CurlConnection.Limits()
        /// For a prediction and for recording.
        package var answerMilliseconds = 10_000
        /// A training may be waiting for the database.
        var trainingMilliseconds = 60_000

        package init() {}
    }

    private let specification: ModelSpecification
    private let limits: Limits
    private let connection: CurlConnection
    private let answers: ModelServerAnswers

    package init(
        server: ServerAddress, specification: ModelSpecification, limits: Limits = Limits(),
        credentials: ServerCredentials = ServerCredentials()
    ) {
        self.specification = specification
        self.limits = limits
        connection = CurlConnection(to: server, limits: limits.connection, credentials: credentials)
        answers = ModelServerAnswers(specification: specification)
    }

    package func predict(predictors: [Double], levels: [String]) throws(ModelClientError) -> Prediction {
        precondition(predictors.count == specification.predictors.count, "a value for each predictor")
        var parameters = zip(specification.predictors, predictors).map { ($0.name, $1.description) }
        parameters += zip(specification.factors.map(\.name), levels)
        let query = parameters.map { "\($0.percentEncoded)=\($1.percentEncoded)" }.joined(separator: "&")
        let call = HTTPCall(target: "/prediction?\(query)", timeoutMilliseconds: limits.answerMilliseconds)
        return try answers.prediction(try perform(call), to: name(of: call))
    }

    package func predict(many measurements: [Measurement]) throws(ModelClientError) -> [Prediction]? {
        let predictors = specification.predictors.map { MemberName($0.field) }
        let factor = specification.factor.map { MemberName($0.field) }
        let otherFactors = specification.otherFactors.map { MemberName($0.field) }
        var body = [UInt8(ascii: "[")]
        body.reserveCapacity(128 * measurements.count)
        for measurement in measurements {
            if body.count > 1 { body.append(UInt8(ascii: ",")) }
            // There must be one reference to the bytes, for they would be copied else.
            var row = ObjectText(behind: consume body)
            for (name, value) in zip(predictors, measurement.predictors) { row.add(name, value) }
            if let factor { row.add(factor, measurement.level) }
            for (name, level) in zip(otherFactors, measurement.otherLevels) { row.add(name, level) }
            body = row.closed
        }
        body.append(UInt8(ascii: "]"))
        let call = HTTPCall(target: "/prediction", body: body, timeoutMilliseconds: limits.answerMilliseconds)
        return try answers.predictions(try perform(call), of: measurements.count, to: name(of: call))
    }

    package func record(_ rows: [[UInt8]]) throws(ModelClientError) {
        guard let first = rows.first else { return }
        let body = rows.count == 1 ? first : [UInt8](jsonArray: rows)
        let call = HTTPCall(target: "/observations", body: body, timeoutMilliseconds: limits.answerMilliseconds)
        try answers.recorded(try perform(call), of: rows.count, to: name(of: call))
    }

    package func train(_ trigger: JSON) throws(ModelClientError) -> JSON {
        let call = HTTPCall(
            target: "/train", body: trigger.bytes, timeoutMilliseconds: limits.trainingMilliseconds)
        return try answers.trained(try perform(call), to: name(of: call))
    }

    package func model() throws(ModelClientError) -> JSON {
        let call = HTTPCall(target: "/model", timeoutMilliseconds: limits.answerMilliseconds)
        return try answers.success(try perform(call), to: name(of: call))
    }

    /// `GET /specification`: what the server predicts from what, and under which names.
    package func specificationDocument() throws(ModelClientError) -> JSON {
        let call = HTTPCall(target: "/specification", timeoutMilliseconds: limits.answerMilliseconds)
        return try answers.success(try perform(call), to: name(of: call))
    }

    package var lastRequest: String? { connection.lastRequest }

    private func perform(_ call: HTTPCall) throws(ModelClientError) -> HTTPAnswer {
        do {
            return try connection.perform(call)
        } catch {
            throw .unavailable(error.description)
        }
    }

    private func name(of call: HTTPCall) -> String { "\(call.name) at \(connection.address)" }
}
