import Documents
package import ModelService
import Regression
package import Specification

/// One record of the trigger's topic: of which window it is, over which subjects, with which mean error.
///
/// Names are matched whatever their case and underscores: the published variants write `House_Id_Start` and
/// `HOUSE_ID_START`, `ErrorAvg` and `ERRORAVG`.
struct TriggerRecord: Equatable {
    struct Window: Equatable {
        let start: Timestamp
        let end: Timestamp?
    }

    let window: Window?
    /// What the stream noticed, where it says so.
    let cause: String?
    /// In byte order, each once.
    let levels: [String]
    /// The first and last subject, how many there are and the mean error, each null where it is missing. ksqlDB writes them,
    /// but not the window.
    private let range: JSON
    /// Whether the range tells one trigger from others.
    private let hasRange: Bool

    init(_ record: JSON, specification: ModelSpecification) {
        let members = record.members ?? []
        func value(_ name: String) -> JSON? { FieldNames.anySpelling.value(name, in: members) }
        let (fields, factor) = (specification.fields, specification.factor)
        window = value("WindowStart").flatMap(Self.time).map { start in
            Window(start: start, end: value("WindowEnd").flatMap(Self.time))
        }
        cause = value("Cause")?.text
        let levels = value(factor?.field ?? "Group")
        let texts = levels?.elements?.compactMap(\.text) ?? levels?.text.map { [$0] } ?? []
        self.levels = Set(texts.filter { factor?.admits($0) ?? false }).sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        let first = Self.text(value("\(fields.identifier)Start"))
        let last = Self.text(value("\(fields.identifier)End"))
        let mean = Self.number(value("\(fields.error)Avg"))
        range = [first, last, Self.number(value("Count")), mean]
        hasRange = first != .null && last != .null && mean != .null
    }

    /// By window, levels and range: a window that is told again with more rows in it is another trigger. Without a window
    /// by levels and range, which a later window may have too: the original's machines repeat themselves. Nil where
    /// neither is there.
    var identity: TriggerIdentity? {
        let levels = JSON.array(levels.map { .string($0) })
        if let window {
            let end = window.end.map { JSON.integer($0.milliseconds) } ?? .null
            return TriggerIdentity(
                ["window", .integer(window.start.milliseconds), end, levels, range], isLasting: true)
        }
        return hasRange ? TriggerIdentity(["range", range, levels], isLasting: false) : nil
    }

    /// A sink may write numbers as texts.
    private static func text(_ value: JSON?) -> JSON {
        guard let value, value != .null else { return .null }
        return .string(value.text ?? value.compact)
    }

    private static func number(_ value: JSON?) -> JSON {
        JSON(value?.double ?? value?.text.flatMap(DecimalNumber.parse))
    }

    /// A stream that names the cause has estimated when the change began; else a window merely contains it.
    var reason: TrainingReason {
        guard let window else { return .unknown }
        return switch cause {
        case "schedule": .schedule
        case "errors", "unseen", "follow-up": .change(since: window.start, isEstimated: true)
        default: .change(since: window.start, isEstimated: false)
        }
    }

    /// Milliseconds since 1970 as a number or in quotes, or ISO 8601; nil for what is no time.
    private static func time(_ value: JSON) -> Timestamp? {
        if let number = value.integer ?? value.text.flatMap({ Int64($0) }) { return Timestamp(exactly: number) }
        return value.text.flatMap { Timestamp($0) }
    }
}

// MARK: - A request

extension TrainingRequest {
    /// Records beyond this number are a batch of no sink's, of which no repeat is told.
    private static let recordsMax = 500
    /// How many windows and levels are kept.
    private static let causesMax = 50

    /// - Parameter key: of the header `Idempotency-Key`; stands for the whole request, whatever the body holds.
    package init(_ body: TriggerBody, key: String?, isForced: Bool, specification: ModelSpecification) {
        let records = body.records.map { TriggerRecord($0, specification: specification) }
        let identities: [TriggerIdentity?]
        if let key {
            identities = [TriggerIdentity(["key", .string(key)], isLasting: true)]
        } else {
            identities = records.count > Self.recordsMax ? [nil] : records.map(\.identity)
        }
        // A record that cannot be told from others makes the whole delivery one that trains.
        let known = identities.compactMap(\.self)
        self.init(
            trigger: body.document, cause: Self.cause(records), reason: Self.reason(records),
            identities: known.count == identities.count ? known.map { isForced ? $0.forced : $0 } : [],
            isForced: isForced)
    }

    /// Of several records the last one's: it knows most.
    private static func reason(_ records: [TriggerRecord]) -> TrainingReason {
        records.last { $0.window != nil }?.reason ?? .unknown
    }

    private static func cause(_ records: [TriggerRecord]) -> JSON {
        let windows = records.compactMap(\.window).prefix(causesMax).map { window in
            JSON.object([
                JSON.Member("start", .string(window.start.description)),
                JSON.Member("end", JSON(window.end?.description)),
            ])
        }
        let levels = Set(records.flatMap(\.levels)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard !windows.isEmpty || !levels.isEmpty else { return .null }
        return ["windows": .array(Array(windows)), "levels": .array(levels.prefix(causesMax).map { .string($0) })]
    }
}

extension TriggerIdentity {
    /// What is asked for with force is another request than the same without.
    fileprivate var forced: TriggerIdentity { TriggerIdentity(["forced", .string(text)], isLasting: isLasting) }
}
