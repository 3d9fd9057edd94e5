import Documents
import HTTPServer
import ModelService
import Program
import Specification

/// The Open Inference Protocol v2 over JSON (KServe, "Open Inference Protocol", REST; Triton and MLServer speak it too).
///
/// The model's name is the subject of the specification, its version that of the model in service.
struct InferenceRoute {
    let predictor: RowPredictor

    static func owns(_ path: String) -> Bool { path == "/v2" || path.hasPrefix("/v2/") }

    /// The protocol's form of an error.
    static func error(_ problem: Problem) -> HTTPResponse {
        HTTPResponse(
            status: problem.status, headers: [HTTPField("Content-Type", "application/json")] + problem.headers,
            body: JSON.object([JSON.Member("error", .string(problem.detail))]).bytes)
    }

    var routes: [Routes.Route] {
        [
            Routes.Route(method: "GET", path: "/v2", role: .read, handler: server),
            Routes.Route(method: "GET", path: "/v2/health/live", role: nil, handler: live),
            Routes.Route(method: "GET", path: "/v2/health/ready", role: nil, handler: ready),
        ] + routesOfModel("/v2/models/{name}") + routesOfModel("/v2/models/{name}/versions/{version}")
    }

    private func routesOfModel(_ path: String) -> [Routes.Route] {
        [
            Routes.Route(method: "GET", path: path, role: .read) { request, place in
                .now(answer(place) { served in .json(200, Self.metadata(of: served)) })
            },
            Routes.Route(method: "GET", path: "\(path)/ready", role: .read) { request, place in
                .now(
                    answer(place) { served in
                        .json(200, ["name": .string(served.model.specification.subject), "ready": true])
                    })
            },
            Routes.Route(method: "POST", path: "\(path)/infer", role: .read) { request, place in
                predictor.reply(to: request) {
                    answer(place) { served throws(Problem) in try infer(request, served) }
                }
            },
        ]
    }

    private func server(_: HTTPRequest) -> HTTPReply {
        .now(.json(200, ["name": "tare", "version": .string(Release.version), "extensions": []]))
    }

    private func live(_: HTTPRequest) -> HTTPReply { .now(.json(200, ["live": true])) }

    private func ready(_: HTTPRequest) -> HTTPReply {
        let isReady = predictor.service.current != nil
        return .now(.json(isReady ? 200 : 503, ["ready": .bool(isReady)]))
    }

    /// - Parameter place: name, and perhaps version.
    private func answer(
        _ place: [String], _ body: (ServedModel) throws(Problem) -> HTTPResponse
    ) -> HTTPResponse {
        do throws(Problem) {
            let subject = predictor.specification.subject
            guard place[0] == subject else {
                throw Problem(404, "there is no model '\(place[0].shortened())'; this server has '\(subject)'")
            }
            let served = try predictor.model()
            if place.count > 1, place[1] != served.version {
                throw Problem(
                    404,
                    "the version '\(place[1].shortened())' of '\(subject)' is not in service, "
                        + "'\(served.version)' is; POST /models/VERSION/activate changes that")
            }
            var response = try body(served)
            response.headers.append(RowPredictor.version(served))
            return response
        } catch {
            return Self.error(error)
        }
    }

    private func infer(_ request: HTTPRequest, _ served: ServedModel) throws(Problem) -> HTTPResponse {
        let memory = try predictor.reserve(Self.expansion * request.body.count, for: request)
        let inference = try InferenceRequest(request, served.model.specification)
        do throws(HTTPRefusal) {
            try memory?.grow(by: inference.rowCount * InferenceAnswer.rowBytes)
        } catch {
            throw Problem(error)
        }
        return try InferenceAnswer(inference, by: predictor, served).response(to: inference, memory: memory)
    }

    /// How much memory the columns that are made of a body take, at most, in its own size: 16 bytes for a short text, of
    /// which the body has four, and as much again while they grow.
    private static let expansion = 8

    /// The tensors that the model takes and gives.
    static func metadata(of served: ServedModel) -> JSON {
        let specification = served.model.specification
        func tensor(_ name: String, _ datatype: String) -> JSON {
            ["name": .string(name), "datatype": .string(datatype), "shape": [-1]]
        }
        return [
            "name": .string(specification.subject), "versions": [.string(served.version)],
            "platform": "tare_linear_regression",
            "inputs": .array(
                specification.predictors.map { tensor($0.name, "FP64") }
                    + specification.factors.map { tensor($0.name, Tensor.text) }),
            "outputs": .array(
                [tensor(specification.response.field, "FP64")]
                    + InferenceAnswer.Extra.allCases.map { tensor($0.rawValue, $0.datatype) }),
        ]
    }
}
