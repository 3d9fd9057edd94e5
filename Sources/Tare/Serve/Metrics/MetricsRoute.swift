import Dispatch
import Documents
import HTTPServer
import Metrics
import ModelService
import Program

/// The bounds that the server was started with, for whoever compares what is with what may be.
struct ServerBounds: Equatable {
    var connectionsMax = HTTPLimits().connectionsMax
    /// Of the whole process.
    var memoryBytes = MemoryPlan.megabytesDefault << 20
    /// Of all requests together.
    var requestBytes = HTTPLimits().bufferedBytesMax
}

/// `GET /metrics`. It asks no database, so that it answers when one hangs, and is put together outside of the threads that
/// serve predictions.
struct MetricsRoute {
    let service: ModelService
    let memory: RequestMemory
    let metrics: ServerMetrics
    let requests: RequestMetrics
    let bounds: ServerBounds
    private let queue = DispatchQueue(label: "tare.metrics")

    init(
        service: ModelService, memory: RequestMemory, metrics: ServerMetrics, requests: RequestMetrics,
        bounds: ServerBounds
    ) {
        self.service = service
        self.memory = memory
        self.metrics = metrics
        self.requests = requests
        self.bounds = bounds
    }

    func get(_: HTTPRequest) -> HTTPReply {
        .later { responder in
            queue.async {
                responder.respond(
                    HTTPResponse(
                        status: 200, headers: [HTTPField("Content-Type", PrometheusText.mediaType)],
                        body: PrometheusText.bytes(families)))
            }
        }
    }

    /// In the order of docs/metrics.md.
    private var families: [MetricFamily] {
        requests.families
            + ServerFamilies.http(metrics.http.counts, held: memory.held, bounds)
            + ServerFamilies.predictions(service.predictionCounts)
            + ServerFamilies.observations(metrics.observations)
            + ServerFamilies.errors(service.rollingError, service.coverage?.total)
            + ServerFamilies.trainings(metrics.trainings)
            + ServerFamilies.model(service.current?.model, now: Timestamp.now)
            + ServerFamilies.stores(service.storeHealth)
            + ServerFamilies.journal(service.journalState)
            + ProcessFamilies.all(ProcessStatistics.now, memoryBytesMax: bounds.memoryBytes)
    }
}
