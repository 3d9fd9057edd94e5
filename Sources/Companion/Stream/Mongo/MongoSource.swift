import Documents
import EventProcessing
import ModelService
import Storage
import Streaming

/// The collections of the recipe as a source: predictions and outcomes in, from where the last run ended.
final class MongoSource: EventSource {
    /// The collection beside the others that holds the place of each set of roles.
    static let stateCollection = "tare_stream_state"
    /// How often the place is kept at most.
    private static let savingInterval: Duration = .seconds(1)

    private let location: MongoLocation
    private let reader: FeedReader
    private let rules: Preset
    private let database: PatientDatabase
    private let clock: any StreamClock
    private let notices: any RunNotices
    private let state: MongoStateDocument
    private var feed: MongoFeed?
    private var points = ReplayPoints<FeedPosition>()
    /// As it was told last.
    private var memory: PipelineMemory?
    private var saved: FeedState?
    private var savedAt: Duration?
    private var isTooLargeTold = false

    init(
        _ location: MongoLocation, reader: FeedReader, preset: Preset, roles: Roles, database: PatientDatabase,
        clock: any StreamClock, notices: any RunNotices
    ) throws(StoreError) {
        self.location = location
        self.reader = reader
        rules = preset
        self.database = database
        self.clock = clock
        self.notices = notices
        state = try MongoStateDocument(in: location, collection: Self.stateCollection, name: "\(roles)")
    }

    var fraction: Double? { nil }

    func next(waiting patience: Duration) throws(SourceError) -> Delivery? {
        do {
            guard let feed else { return try open() }
            guard let reading = try database.ask({ () throws(StoreError) in try feed.next() }) else { return .idle }
            switch reading {
            case .idle:
                points.add(feed.position, time: nil)
                // A change stream has waited for news already.
                if !feed.hasChangeStream { clock.wait(patience) }
                return .idle
            case .document(let document):
                let time = reader.time(document)
                points.add(feed.position, time: time, isDoubted: isDoubted(time))
                return reader.delivery(document)
            }
        } catch {
            throw SourceError("\(error); where that cannot be mended, remove \(state.description), to read all anew")
        }
    }

    /// Goes on where the last run ended, or begins.
    private func open() throws(StoreError) -> Delivery {
        let state = state
        guard let found = try database.ask({ () throws(StoreError) in try state.load() }) else { return .idle }
        if let found, FeedState(found) == nil {
            throw StoreError(.refused, "\(state.description) is not what an earlier run left: \(found.compact)")
        }
        saved = found.flatMap(FeedState.init)
        feed = try MongoFeed(
            location, collections: reader.collections, from: saved?.position ?? FeedPosition(), time: reader.time)
        return saved?.evaluatedThrough.map { .resumed($0, detector: saved?.detector) } ?? .idle
    }

    /// Whether the pipeline may hold it. Doubting too many does no harm: each is a point of its own.
    private func isDoubted(_ time: Timestamp?) -> Bool {
        guard let time, let believed = memory?.believedThrough else { return false }
        return time > believed.advanced(byMilliseconds: TimeRules().leap)
    }

    func settle(_ pipeline: Pipeline, isLast: Bool) throws(SourceError) {
        let memory = pipeline.memory
        self.memory = memory
        guard !memory.isBeginning else { return }
        guard isLast || savedAt.map({ clock.now - $0 >= Self.savingInterval }) ?? true else { return }
        guard
            let position = points.position(
                before: Self.needed(memory, rules: rules), believed: memory.isHolding ? nil : memory.believedThrough)
        else { return }
        let new = FeedState(
            position: position, evaluatedThrough: memory.evaluatedThrough, detector: kept(pipeline.detectorDocument))
        guard new != saved else { return }
        savedAt = clock.now
        do throws(StoreError) {
            try state.save(new.document)
            saved = new
        } catch {
            // If the place is kept later, a restart only reads more again.
            guard error.kind == .refused else { return }
            throw SourceError("\(error)")
        }
    }

    /// MongoDB holds documents of 16 MiB; what is larger as text may not fit.
    static let detectorBytesMax = 8 << 20

    private func kept(_ detector: JSON?) -> JSON? {
        guard let detector, detector.bytes.count > Self.detectorBytesMax else { return detector }
        if !isTooLargeTold { notices.say("what the detector knows is too large to be kept; a restart begins it anew") }
        isTooLargeTold = true
        return nil
    }

    /// Since when documents may have happened that the join still holds, or that are in an open window: a row has the
    /// time of the later of the two that were joined.
    static func needed(_ memory: PipelineMemory, rules: Preset) -> Timestamp? {
        let reach = rules.window.size + rules.window.grace + rules.join.within
        let windowsFrom = memory.evaluatedThrough?.advanced(byMilliseconds: -reach)
        return [memory.joinsFrom, windowsFrom].compactMap(\.self).min()
    }
}
