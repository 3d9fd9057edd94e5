import Documents
import HTTPServer
import ModelService

/// `POST /observations`: joined rows, one, an array or one a line.
struct ObservationsRoute {
    let service: ModelService
    let work: WorkQueue

    func post(_ request: HTTPRequest) -> HTTPReply {
        work.reply(to: request.body.count) { answer(request) }
    }

    /// The good rows are kept whatever becomes of the others; the first of those are named with their numbers and problems,
    /// and all are counted.
    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        do throws(Problem) {
            let (rows, refused) = try read(try RowsBody(request))
            let recorded = try record(rows.map(\.observation))
            var answer = ObservationsAnswer(rows, recorded, service.specification)
            if let served = service.current { answer.noteSimilarLevels(of: rows, served) }
            guard refused.count > 0 else { return .json(200, .object(answer.members)) }
            throw Problem(
                422, "\(refused.count) of \(rows.count + refused.count) rows were refused; the others are recorded",
                members: answer.members + [
                    JSON.Member("refused", .array(refused.first)), JSON.Member("refusals", JSON(refused.count)),
                ])
        } catch {
            return error.response
        }
    }

    /// The rows that were refused: how many, and the first of them.
    private struct Refused {
        var first: [JSON] = []
        var count = 0
    }

    private func read(_ body: RowsBody) throws(Problem) -> (rows: [NumberedRow], refused: Refused) {
        let rule = service.rowRule
        var rows: [NumberedRow] = []
        var refused = Refused()
        try body.forEach { row throws(Problem) in
            let number = rows.count + refused.count
            do throws(Problem) {
                rows.append(NumberedRow(number: number, observation: try observation(try row.get(), rule)))
            } catch {
                guard body.form != .one else { throw error }
                refused.count += 1
                if refused.count <= RowsBody.problemsMax {
                    refused.first.append(["row": JSON(number), "problem": error.document])
                }
            }
        }
        return (rows, refused)
    }

    private func observation(_ document: JSON, _ rule: RowRule) throws(Problem) -> Observation {
        do throws(ObservationProblem) {
            return rule.folded(try Observation(document: document, rule: rule))
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
