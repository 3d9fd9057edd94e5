import Documents
import HTTPServer
import ModelService

/// `POST /observations`: joined rows, one, an array or one a line.
struct ObservationsRoute {
    let service: ModelService
    let work: WorkQueue

    func post(_ request: HTTPRequest) -> HTTPReply {
        work.reply { answer(request) }
    }

    /// The good rows are kept whatever becomes of the others; each of those is named with its number and its problem.
    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        do throws(Problem) {
            let (rows, refused) = try read(try RowsBody(request))
            let answer = ObservationsAnswer(rows, try record(rows.map(\.observation)), service.specification)
            guard !refused.isEmpty else { return .json(200, .object(answer.members)) }
            throw Problem(
                422, "\(refused.count) of \(rows.count + refused.count) rows were refused; the others are recorded",
                members: answer.members + [JSON.Member("refused", .array(refused))])
        } catch {
            return error.response
        }
    }

    private func read(_ body: RowsBody) throws(Problem) -> (rows: [NumberedRow], refused: [JSON]) {
        var rows: [NumberedRow] = []
        var refused: [JSON] = []
        for (index, row) in body.rows.enumerated() {
            do throws(Problem) {
                rows.append(NumberedRow(number: index, observation: try observation(try row.get())))
            } catch {
                guard body.form != .one else { throw error }
                refused.append(["row": JSON(index), "problem": error.document])
            }
        }
        return (rows, refused)
    }

    private func observation(_ document: JSON) throws(Problem) -> Observation {
        do throws(ObservationProblem) {
            return try Observation(document: document, specification: service.specification)
        } catch {
            throw Problem(422, parameter: error.field, given: document[error.field], accepted: error.accepted)
        }
    }

    private func record(_ rows: [Observation]) throws(Problem) -> Recorded {
        do throws(StoreError) {
            return try service.observe(rows)
        } catch {
            throw Problem(storeError: error)
        }
    }
}

extension Problem {
    /// 503 where a retry may help, 500 where it cannot.
    init(storeError error: StoreError) {
        switch error.kind {
        case .unavailable:
            self.init(
                503, error.description, members: [JSON.Member("reason", "database_unavailable")],
                headers: [HTTPField("Retry-After", "3")])
        case .refused:
            self.init(500, error.description, members: [JSON.Member("reason", "database_refused")])
        }
    }
}
