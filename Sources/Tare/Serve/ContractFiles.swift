import Dispatch
import HTTPServer
import Program
import Threading

/// The OpenAPI document in both its forms, made for the first who asks: it takes as long as to start the server, and most
/// servers are never asked.
final class ContractFiles: Sendable {
    struct Texts {
        let yaml: [UInt8]
        let json: [UInt8]
    }

    private struct Responses {
        let yaml: HTTPResponse
        let textYAML: HTTPResponse
        let json: HTTPResponse
    }

    private let make: @Sendable () throws -> Texts
    private let policy: String
    /// Where it is made; whoever asks meanwhile waits here.
    private let queue = DispatchQueue(label: "tare.contract")
    private let made = Lock<Result<Responses, any Error>?>(nil)

    init(_ make: @escaping @Sendable () throws -> Texts, policy: String) {
        self.make = make
        self.policy = policy
    }

    var routes: [Routes.Route] {
        [
            Routes.Route(method: "GET", path: "/openapi.yaml", role: nil) { request in
                // The registered type (RFC 9512), unless the other one is asked for.
                self.reply(request.header("Accept")?.contains("text/yaml") ?? false ? \.textYAML : \.yaml)
            },
            Routes.Route(method: "GET", path: "/openapi.json", role: nil) { _ in self.reply(\.json) },
        ]
    }

    private func reply(_ form: @escaping @Sendable (Responses) -> HTTPResponse) -> HTTPReply {
        if let response = response(form) { return .now(response) }
        return .later { responder in
            self.queue.async {
                responder.respond(self.response(form) ?? self.makeReady(form))
            }
        }
    }

    /// Nil as long as it is not made.
    private func response(_ form: (Responses) -> HTTPResponse) -> HTTPResponse? {
        made.withLock { $0 }.map { Self.response($0, form) }
    }

    private static func response(
        _ made: Result<Responses, any Error>, _ form: (Responses) -> HTTPResponse
    ) -> HTTPResponse {
        switch made {
        case .success(let responses): form(responses)
        case .failure(let error): Problem(500, "the contract could not be made: \(error)").response
        }
    }

    private func makeReady(_ form: (Responses) -> HTTPResponse) -> HTTPResponse {
        let result = Result {
            let texts = try make()
            return Responses(
                yaml: StaticFile("/openapi.yaml", "application/yaml", texts.yaml).response(policy: policy),
                textYAML: StaticFile("/openapi.yaml", "text/yaml; charset=utf-8", texts.yaml).response(policy: policy),
                json: StaticFile("/openapi.json", "application/json", texts.json).response(policy: policy))
        }
        made.withLock { $0 = result }
        return Self.response(result, form)
    }
}

extension Contract {
    func texts() throws -> ContractFiles.Texts { .init(yaml: try yaml(), json: json) }
}
