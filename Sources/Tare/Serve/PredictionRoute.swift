import Documents
import HTTPServer
import ModelService
import Regression
import Specification

/// `GET /prediction` and `POST /prediction`.
struct PredictionRoute {
    static let versionHeader = "Model-Version"

    private let service: ModelService
    private let memory: RequestMemory
    private let bodies: BodyThreads
    private let query: PredictionQuery
    private let unseen: UnseenLevels

    init(service: ModelService, memory: RequestMemory, bodies: BodyThreads, unseen: UnseenLevels) {
        self.service = service
        self.unseen = unseen
        self.memory = memory
        self.bodies = bodies
        query = PredictionQuery(service.specification)
    }

    /// From this size on a body is worked off outside the threads that serve predictions, in bytes.
    private static let largeBody = 2 * 1024

    /// The hot path: no JSON value is built, and nothing is looked up that the model in service has made ready.
    func get(_ request: HTTPRequest) -> HTTPReply {
        do throws(Problem) {
            let served = try model()
            let (given, options) = try query.read(request.query)
            let input = service.settings.foldsCase ? given.folded(by: served) : given
            let answer: PredictionAnswer
            do throws(Problem) {
                answer = try PredictionAnswer(input, served: served, unseen: unseen)
            } catch {
                // Another model may know the level: this one is named.
                var response = error.response
                response.headers.append(version(served))
                return .now(response)
            }
            let body = answer.isOrdinary && options.isPlain ? answer.bytes : answer.document(options).bytes
            return .now(
                HTTPResponse(
                    status: 200,
                    headers: [HTTPField("Content-Type", "application/json"), version(served)], body: body))
        } catch {
            return .now(error.response)
        }
    }

    /// One object, an array of them, or one a line; answered in the same form and order.
    func post(_ request: HTTPRequest) -> HTTPReply {
        guard request.body.count >= Self.largeBody else { return .now(answer(request)) }
        return bodies.reply(to: request) { answer(request) }
    }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        do throws(Problem) {
            let served = try model()
            let rows = try RowsBody(request)
            let options = try AnswerOptions(query: request.query)
            var response = try answer(rows, to: request, options, served: served)
            response.headers.append(version(served))
            return response
        } catch {
            return error.response
        }
    }

    /// Answers each row in its place.
    private func answer(
        _ body: RowsBody, to request: HTTPRequest, _ options: AnswerOptions, served: ServedModel
    ) throws(Problem) -> HTTPResponse {
        var answers = RowsAnswer(body.form, memory: try reserve(for: request))
        var rows = body.rows
        while let row = try rows.next() {
            let answered: JSON
            do throws(Problem) {
                answered = try answer(try row.get(), options, served: served)
            } catch {
                guard body.form != .one else { throw error }
                try answers.append(error)
                continue
            }
            try answers.append(answered)
        }
        return answers.response
    }

    /// Nil for a small body: the answer is at most some hundred times as large.
    private func reserve(for request: HTTPRequest) throws(Problem) -> MemoryReservation? {
        guard request.body.count >= Self.largeBody else { return nil }
        do throws(HTTPRefusal) { return try memory.reserve(0, for: request.client) } catch { throw Problem(error) }
    }

    private func model() throws(Problem) -> ServedModel {
        guard let served = service.current else {
            throw Problem(
                503, "there is no model yet: train one, or start with --initial-model",
                headers: [HTTPField("Retry-After", "5")])
        }
        return served
    }

    private func version(_ served: ServedModel) -> HTTPField {
        HTTPField(Self.versionHeader, served.version)
    }

    /// A row's answer, what names it echoed.
    private func answer(_ row: JSON, _ options: AnswerOptions, served: ServedModel) throws(Problem) -> JSON {
        let specification = served.model.specification
        let echo = specification.echoedFields.compactMap { name in
            row[name].map { JSON.Member(name, $0) }
        }
        do throws(Problem) {
            let given = try PredictionInput(document: row, specification: specification)
            let input = service.settings.foldsCase ? given.folded(by: served) : given
            let answer = try PredictionAnswer(input, served: served, unseen: unseen)
            return .object((answer.document(options).members ?? []) + echo)
        } catch {
            throw Problem(error.status, error.detail, members: error.members + echo)
        }
    }
}

extension ModelSpecification {
    /// The members of a row that its answer repeats, each once.
    var echoedFields: [String] { fields.identifier == "id" ? ["id"] : [fields.identifier, "id"] }
}
