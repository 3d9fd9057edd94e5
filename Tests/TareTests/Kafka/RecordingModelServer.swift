import Documents
import Foundation
import HTTPServer
import Threading

@testable import Streaming

/// A model server whose model never changes, so that two runs over the same fish can be compared. It keeps what it was
/// given as the real one does: each row and each window once.
final class RecordingModelServer: Sendable {
    struct Kept: Equatable {
        /// By fish.
        var rows: [String: String] = [:]
        /// By the start of the window; what the sequential detector tells has no other name than all of it.
        var triggers: [String: String] = [:]
        /// Those that differ from what was given before under the same name.
        var contradictions: [String] = []
    }

    private final class Memory: Sendable {
        let kept = Lock(Kept())
    }

    private let memory = Memory()
    private let server: HTTPServer

    var kept: Kept { memory.kept.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(server.port)" }

    init() throws {
        server = try HTTPServer(
            host: "127.0.0.1", port: 0, threads: 2, log: { _ in },
            refuse: { refusal, _ in HTTPResponse(status: refusal.status) },
            handler: { [memory] request in .now(Self.answer(request, memory)) })
    }

    func stop() { server.stop() }

    func wait(forRows count: Int, within seconds: Double = 60) throws {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while kept.rows.count < count {
            guard Date() < deadline else {
                throw KafkaError("the server was sent \(kept.rows.count) rows in \(seconds) s, and not \(count)")
            }
            usleep(5_000)
        }
    }

    private static func answer(_ request: HTTPRequest, _ memory: Memory) -> HTTPResponse {
        let document = (try? JSON(parsing: request.body)) ?? .null
        switch request.path {
        case "/prediction": return response(["Weight": 4.5, "ModelTime": "2021-06-02 07:48:52"])
        case "/model":
            return response([
                "time": "2021-06-02T07:48:52.000Z", "sigma": 0.1, "rows": 50, "levels": ["salmon"],
                "coefficients": ["(Intercept)": 0.5, "length": 0.05],
            ])
        // As a server that knows of one subject only.
        case "/specification", "/companion": return HTTPResponse(status: 404)
        case "/observations":
            let rows = document.elements ?? [document]
            memory.kept.withLock { kept in
                for row in rows { kept.keep(row.compact, as: row["Fish_Id"]?.text ?? "", in: \.rows) }
            }
            return response(["recorded": .integer(Int64(rows.count)), "duplicates": 0])
        default:
            memory.kept.withLock { kept in
                let isWindow = document["Cause"] == nil
                let name = isWindow ? document["WindowStart"]?.compact ?? "" : document.compact
                kept.keep(document.compact, as: name, in: \.triggers)
            }
            return response(["status": "skipped", "reason": "the model never changes"])
        }
    }

    private static func response(_ document: JSON) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: [HTTPField("Content-Type", "application/json")], body: Array(document.compact.utf8))
    }
}

extension RecordingModelServer.Kept {
    fileprivate mutating func keep<Name: Hashable>(
        _ text: String, as name: Name, in place: WritableKeyPath<Self, [Name: String]>
    ) {
        if let old = self[keyPath: place].updateValue(text, forKey: name), old != text {
            contradictions.append("\(old) became \(text)")
        }
    }
}
