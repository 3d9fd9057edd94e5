import Documents
import HTTPServer
import ModelService
import Program
import Specification

/// MLflow's scoring protocol: `POST /invocations` and `GET /ping`.
struct InvocationsRoute {
    let predictor: RowPredictor

    private static let params = ["interval", "explain"]

    var routes: [Routes.Route] {
        [
            Routes.Route(method: "POST", path: "/invocations", role: .read) { (request: HTTPRequest) in
                predictor.reply(to: request) { answer(request) }
            },
            Routes.Route(method: "GET", path: "/ping", role: nil, handler: ping),
        ]
    }

    private func ping(_: HTTPRequest) -> HTTPReply {
        do throws(Problem) {
            _ = try predictor.model()
            return .now(.json(200, ["status": "ok"]))
        } catch {
            return .now(Self.error(error))
        }
    }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        do throws(Problem) {
            let served = try predictor.model()
            var rows = try InvocationRows(request, predictor.specification)
            let options = try Self.options(rows.params)
            let memory = try predictor.reserve(0, for: request)
            var response = try predictions(of: &rows, options, served, memory)
            response.headers.append(RowPredictor.version(served))
            return response
        } catch {
            return Self.error(error)
        }
    }

    /// One number for each row; with parameters what `/prediction` answers. Rows of levels that the model has not seen are
    /// listed beside them.
    private func predictions(
        of rows: inout InvocationRows, _ options: AnswerOptions, _ served: ServedModel, _ memory: MemoryReservation?
    ) throws(Problem) -> HTTPResponse {
        var body = ReservedBytes(memory)
        var unseen = UnseenRows()
        try body.append("{\"predictions\":[")
        while let row = try rows.next() {
            let answer: PredictionAnswer
            do throws(Problem) {
                let input = try PredictionInput(document: row, specification: served.model.specification)
                answer = try predictor.answer(input, by: served)
            } catch {
                throw Problem(
                    400, "row \(rows.number), counted from 0: \(error.detail)",
                    members: [JSON.Member("row", JSON(rows.number))] + error.members)
            }
            if rows.number > 0 { try body.append(",") }
            try body.append(options.isPlain ? JSON(answer.value).bytes : answer.document(options).bytes)
            if !answer.unseen.isEmpty { unseen.add(rows.number, answer.unseenByFactor) }
        }
        try body.append("]")
        if !unseen.isEmpty { try body.append(",\"unseen\":\(unseen.document.compact)") }
        try body.append("}")
        return body.response(type: "application/json")
    }

    private static func options(_ params: [JSON.Member]) throws(Problem) -> AnswerOptions {
        var options = AnswerOptions()
        for param in params {
            guard Self.params.contains(param.name) else {
                throw Problem(
                    400,
                    "there is no param '\(param.name.shortened())'; accepted are "
                        + Self.params.joined(separator: " and "))
            }
            try options.take(HTTPField(param.name, param.value.compact))
        }
        return options
    }

    /// MLflow's clients show `error_code` and `message`.
    private static func error(_ problem: Problem) -> HTTPResponse {
        let code =
            switch problem.status {
            case 429: "REQUEST_LIMIT_EXCEEDED"
            case 503: "TEMPORARILY_UNAVAILABLE"
            default: "BAD_REQUEST"
            }
        let members = [JSON.Member("error_code", .string(code)), JSON.Member("message", .string(problem.detail))]
        return Problem(problem.status, problem.detail, members: members + problem.members, headers: problem.headers)
            .response
    }
}

/// The first rows with levels that the model has not seen, and how many there are.
private struct UnseenRows {
    private var first: [JSON] = []
    private var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func add(_ row: Int, _ levels: JSON) {
        count += 1
        if first.count < RowsBody.problemsMax { first.append(["row": JSON(row), "Unseen": levels]) }
    }

    var document: JSON { ["count": JSON(count), "rows": .array(first)] }
}
