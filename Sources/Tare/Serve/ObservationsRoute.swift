import HTTPServer
import ModelService
import Program

/// `POST /observations`: joined rows, one, an array or one a line.
struct ObservationsRoute {
    private let recorder: ObservationRecorder
    private let memory: RequestMemory
    private let work: WorkQueue
    private let bodies: BodyThreads
    private let small: GatheredBodies

    /// Up to this size, some twenty rows, nothing that is made of a body takes long or much memory.
    private static let smallBody = 4 * 1024
    private static let smallBodiesMax = 1024
    /// How much memory what is made of a body takes, at most, in its own size: rows, their documents, and what became of
    /// each. See docs/bounds.md.
    private static let expansion = 24

    init(
        service: ModelService, memory: RequestMemory, work: WorkQueue, bodies: BodyThreads, deadlines: Deadlines,
        metrics: ServerMetrics
    ) {
        let recorder = ObservationRecorder(service: service, metrics: metrics)
        self.recorder = recorder
        self.memory = memory
        self.work = work
        self.bodies = bodies
        small = GatheredBodies(waitingMax: Self.smallBodiesMax, deadlines: deadlines) { recorder.answer($0) }
    }

    func post(_ request: HTTPRequest) -> HTTPReply {
        if request.body.count <= Self.smallBody { return small.reply(to: request) }
        guard request.body.count < ObservationRecorder.largeBody else {
            return bodies.reply(to: request) { recorder.answer(request) }
        }
        do throws(HTTPRefusal) {
            let held = try memory.reserve(Self.expansion * request.body.count, for: request.client)
            return work.reply(to: request.body.count) { withExtendedLifetime(held) { recorder.answer(request) } }
        } catch {
            return .now(Problem(error).response)
        }
    }
}
