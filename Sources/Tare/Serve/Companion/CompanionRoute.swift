import Documents
import HTTPServer
import Program
import Threading

/// `POST /companion`, by which companions say how they are, and `GET /companion`.
final class CompanionRoute: Sendable {
    private let board = Lock(CompanionBoard())

    func post(_ request: HTTPRequest) -> HTTPReply {
        do throws(Problem) {
            let report = try CompanionReport(request.body)
            board.withLock { $0.take(report, at: .now) }
            return .now(.json(200, ["status": "noted"]))
        } catch {
            return .now(error.response)
        }
    }

    func get(_: HTTPRequest) -> HTTPReply { .now(.json(200, board.withLock { $0.document(at: .now) })) }
}
