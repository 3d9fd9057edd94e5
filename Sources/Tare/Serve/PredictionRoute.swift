import Documents
import HTTPServer
import ModelService
import Program
import Specification
import Threading

/// `GET /prediction` and `POST /prediction`. A class, as `RowPredictor` is.
final class PredictionRoute: Sendable {
    private let predictor: RowPredictor
    private let query: PredictionQuery

    init(_ predictor: RowPredictor) {
        self.predictor = predictor
        query = PredictionQuery(predictor.specification)
    }

    /// The hot path: no JSON value is built, and nothing is looked up that the model in service has made ready.
    func get(_ request: HTTPRequest) -> HTTPReply {
        do throws(Problem) {
            let served = try predictor.model()
            let (input, options) = try query.read(request.query)
            if options.isPlain, let body = predictor.ordinaryAnswer(input, by: served) {
                return .now(Self.response(body, by: served))
            }
            return .now(answer(input, options, by: served))
        } catch {
            return .now(error.response)
        }
    }

    private func answer(
        _ input: PredictionInput, _ options: AnswerOptions, by served: ServedModel
    ) -> HTTPResponse {
        do throws(Problem) {
            return Self.response(try predictor.answer(input, by: served).document(options).bytes, by: served)
        } catch {
            // Another model may know the level: this one is named.
            var response = error.response
            response.headers.append(RowPredictor.version(served))
            return response
        }
    }

    private static func response(_ body: [UInt8], by served: ServedModel) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: [HTTPField("Content-Type", "application/json"), RowPredictor.version(served)],
            body: body)
    }

    /// One object, an array of them, or one a line; answered in the same form and order.
    func post(_ request: HTTPRequest) -> HTTPReply {
        predictor.reply(to: request) { [self] in answer(request) }
    }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        do throws(Problem) {
            let served = try predictor.model()
            var plain = PlainRows(predictor, served: served)
            let rows = try RowsBody(request, into: &plain.row)
            let options = try AnswerOptions(query: request.query)
            var response = try answer(rows, to: request, options, by: &plain, served: served)
            response.headers.append(RowPredictor.version(served))
            return response
        } catch {
            return error.response
        }
    }

    /// Answers each row in its place.
    private func answer(
        _ body: RowsBody, to request: HTTPRequest, _ options: AnswerOptions, by plain: inout PlainRows,
        served: ServedModel
    ) throws(Problem) -> HTTPResponse {
        var answers = RowsAnswer(body.form, memory: try predictor.reserve(0, for: request))
        defer { plain.countPredictions() }
        var (rows, pieces) = (body.rows, Piecework(steps: 64))
        while true {
            pieces.step()
            let place = rows.nextPlain(&plain.row)
            if place != nil, options.isPlain, try plain.answer(body.bytes, into: &answers) { continue }
            guard let row = try rows.next(at: place) else { break }
            let answered: JSON
            do throws(Problem) {
                answered = try answer(row.get(), options, served: served)
            } catch {
                guard body.form != .one else { throw error }
                try answers.append(error)
                continue
            }
            try answers.append(answered)
        }
        return answers.response
    }

    /// A row's answer, what names it echoed.
    private func answer(_ row: JSON, _ options: AnswerOptions, served: ServedModel) throws(Problem) -> JSON {
        let specification = served.model.specification
        let echo = specification.echoedFields.compactMap { name in
            row[name].map { JSON.Member(name, $0) }
        }
        do throws(Problem) {
            let input = try PredictionInput(document: row, specification: specification)
            let answer = try predictor.answer(input, by: served)
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
