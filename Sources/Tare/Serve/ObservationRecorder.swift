import Documents
import HTTPServer
import ModelService
import Program
import Specification
import Threading

/// Reads and records the bodies of `POST /observations`. The good rows are kept whatever becomes of the others; the first of
/// those are named with their numbers and problems, and all are counted.
struct ObservationRecorder {
    private let service: ModelService
    private let metrics: ServerMetrics
    private let plain: PlainObservations

    init(service: ModelService, metrics: ServerMetrics) {
        self.service = service
        self.metrics = metrics
        plain = PlainObservations(service.rowRule)
    }

    /// From this size on a body is read and recorded in blocks, in bytes: what is made of it is then many times a block
    /// and not many times the body.
    static let largeBody = 256 * 1024
    private static let rowsPerBlock = 1000

    func answer(_ request: HTTPRequest) -> HTTPResponse {
        var answer = ObservationsAnswer(service.specification)
        // What was recorded stays so where a later block fails.
        defer { metrics.note(answer.tally) }
        do throws(Problem) {
            var reader = ObservationBodies(plain, by: service.rowRule)
            let body = try RowsBody(request, into: &reader.row)
            let isLarge = request.body.count >= Self.largeBody
            // Before any row is recorded, as a text that breaks off records none.
            if isLarge { try body.check(by: &reader.row) }
            var rows = body.rows
            while let block = try reader.read(&rows, of: body, count: isLarge ? Self.rowsPerBlock : .max, into: &answer)
            {
                answer.add(block, try record([ObservedRows(block.rows)])[0], served: service.current)
            }
            return try answer.response
        } catch {
            return error.response
        }
    }

    private func record(_ lots: [ObservedRows]) throws(Problem) -> [Recorded] {
        do throws(StoreError) {
            return try service.observe(lots)
        } catch {
            throw Problem(storeError: error)
        }
    }
}

// MARK: - Bodies that gathered

extension ObservationRecorder {
    /// What was read of one of them.
    private struct Read {
        let body: GatheredBodies.Body
        let answer: ObservationsAnswer
        let block: NumberedRows

        var rows: ObservedRows { ObservedRows(block.rows, request: body.name) }
    }

    /// Records what is good in all of them at once, and answers each.
    func answer(_ bodies: [GatheredBodies.Body]) {
        var reader = ObservationBodies(plain, by: service.rowRule)
        let read = bodies.compactMap { self.read($0, by: &reader) }
        guard !read.isEmpty else { return }
        do throws(StoreError) {
            let recorded = try service.observe(read.map(\.rows))
            for (read, recorded) in zip(read, recorded) { finish(read, .success(recorded)) }
        } catch {
            // What one of them is to blame for is no reason to refuse the others.
            guard error.kind == .refused, read.count > 1 else {
                for read in read { finish(read, .failure(error)) }
                return
            }
            for read in read {
                finish(read, Result { () throws(StoreError) in try service.observe([read.rows])[0] })
            }
        }
    }

    /// - Returns: nil where it has no good row, and was answered.
    private func read(_ body: GatheredBodies.Body, by reader: inout ObservationBodies) -> Read? {
        var answer = ObservationsAnswer(service.specification)
        let response: HTTPResponse
        do throws(Problem) {
            let rows = try RowsBody(body.request, into: &reader.row)
            var rest = rows.rows
            if let block = try reader.read(&rest, of: rows, count: .max, into: &answer) {
                return Read(body: body, answer: answer, block: block)
            }
            response = try answer.response
        } catch {
            response = error.response
        }
        metrics.note(answer.tally)
        body.responder.respond(response)
        return nil
    }

    private func finish(_ read: Read, _ recorded: Result<Recorded, StoreError>) {
        var answer = read.answer
        let response: HTTPResponse
        do throws(Problem) {
            switch recorded {
            case .success(let recorded): answer.add(read.block, recorded, served: service.current)
            case .failure(let error): throw Problem(storeError: error)
            }
            response = try answer.response
        } catch {
            response = error.response
        }
        metrics.note(answer.tally)
        read.body.responder.respond(response)
    }
}

extension ObservationsAnswer {
    /// - Throws: where rows were refused.
    fileprivate var response: HTTPResponse {
        get throws(Problem) {
            guard tally.refused > 0 else { return .json(200, .object(members)) }
            throw Problem(
                422, "\(tally.refused) of \(rowCount) rows were refused; the others are recorded", members: members)
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
