import Documents
import HTTPServer
import ModelService
import Program
import Specification
import Threading

/// `POST /observations`: joined rows, one, an array or one a line.
struct ObservationsRoute {
    let service: ModelService
    let memory: RequestMemory
    let work: WorkQueue
    let bodies: BodyThreads
    let metrics: ServerMetrics

    /// From this size on a body is read and recorded in blocks, in bytes: what is made of it is then many times a block
    /// and not many times the body.
    private static let largeBody = 256 * 1024
    /// Up to this size, some twenty rows, nothing that is made of a body takes long or much memory. Each has a thread of
    /// its own then, so that the rows of many clients meet in the store, which syncs them at once.
    private static let smallBody = 4 * 1024
    private static let rowsPerBlock = 1000
    /// How much memory what is made of a body takes, at most, in its own size: rows, their documents, and what became of
    /// each. See docs/bounds.md.
    private static let expansion = 24

    func post(_ request: HTTPRequest) -> HTTPReply {
        if request.body.count <= Self.smallBody { return work.reply(to: request.body.count) { answer(request) } }
        guard request.body.count < Self.largeBody else { return bodies.reply(to: request) { answer(request) } }
        do throws(HTTPRefusal) {
            let held = try memory.reserve(Self.expansion * request.body.count, for: request.client)
            return work.reply(to: request.body.count) { withExtendedLifetime(held) { answer(request) } }
        } catch {
            return .now(Problem(error).response)
        }
    }

    /// The good rows are kept whatever becomes of the others; the first of those are named with their numbers and problems,
    /// and all are counted.
    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        do throws(Problem) {
            let body = try RowsBody(request)
            let isLarge = request.body.count >= Self.largeBody
            // Before any row is recorded, as a text that breaks off records none.
            if isLarge { try body.check(by: PlainObservations(service.rowRule).row) }
            return try record(body, rowsPerBlock: isLarge ? Self.rowsPerBlock : .max)
        } catch {
            return error.response
        }
    }

    private func record(_ body: RowsBody, rowsPerBlock: Int) throws(Problem) -> HTTPResponse {
        var answer = ObservationsAnswer(service.specification)
        // What was recorded stays so where a later block fails.
        defer { metrics.note(answer.tally) }
        var rows = body.rows
        while let block = try read(&rows, of: body, count: rowsPerBlock, into: &answer) {
            answer.add(block, try record(block.rows), served: service.current)
        }
        guard answer.tally.refused > 0 else { return .json(200, .object(answer.members)) }
        throw Problem(
            422, "\(answer.tally.refused) of \(answer.rowCount) rows were refused; the others are recorded",
            members: answer.members)
    }

    /// The next good rows; nil where there are none.
    private func read(
        _ rows: inout RowsBody.Rows, of body: RowsBody, count: Int, into answer: inout ObservationsAnswer
    ) throws(Problem) -> NumberedRows? {
        let rule = service.rowRule
        var (plain, block, pieces) = (PlainObservations(rule), NumberedRows(), Piecework(steps: 64))
        while block.rows.count < count {
            pieces.step()
            let place = rows.nextPlain(&plain.row)
            if place != nil, let row = plain.observation(body.bytes) {
                block.append(row, number: answer.rowCount)
                answer.noteRow()
                continue
            }
            guard let document = try rows.next(at: place) else { break }
            do throws(Problem) {
                block.append(try observation(document.get(), rule), number: answer.rowCount)
                answer.noteRow()
            } catch {
                answer.noteRefused(error)
                guard body.form != .one else { throw error }
            }
        }
        return block.rows.isEmpty ? nil : block
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
