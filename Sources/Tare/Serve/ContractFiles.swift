import Dispatch
import HTTPServer
import Locking

/// The OpenAPI document in both its forms, made beside the start of the server: it takes longer than all the rest of it.
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
    /// Whoever asks before it is made waits here.
    private let queue = DispatchQueue(label: "tare.contract")
    private let made = Lock<Result<Responses, any Error>?>(nil)

    init(_ make: @escaping @Sendable () throws -> Texts, policy: String) {
        self.make = make
        self.policy = policy
        queue.async { self.makeReady() }
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
                let missing = Problem(500, "the contract could not be made").response
                responder.respond(self.response(form) ?? missing)
            }
        }
    }

    /// Nil as long as it is not made.
    private func response(_ form: (Responses) -> HTTPResponse) -> HTTPResponse? {
        switch made.withLock({ $0 }) {
        case .success(let responses): form(responses)
        case .failure(let error): Problem(500, "the contract could not be made: \(error)").response
        case nil: nil
        }
    }

    private func makeReady() {
        let result = Result {
            let texts = try make()
            return Responses(
                yaml: StaticFile("/openapi.yaml", "application/yaml", texts.yaml).response(policy: policy),
                textYAML: StaticFile("/openapi.yaml", "text/yaml; charset=utf-8", texts.yaml).response(policy: policy),
                json: StaticFile("/openapi.json", "application/json", texts.json).response(policy: policy))
        }
        made.withLock { $0 = result }
    }
}

extension Contract {
    func texts() throws -> ContractFiles.Texts { .init(yaml: try yaml(), json: json) }
}
