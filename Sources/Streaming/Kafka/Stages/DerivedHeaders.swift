/// What the headers of a derived record tell the next stage, beside the columns that are the preset's.
struct DerivedHeaders {
    /// The records that it was derived from, so that a repeat is known as one.
    private static let sourceName = "source"
    /// The model that predicted, where no column tells.
    private static let modelTimeName = "model-time"
    /// Where the model that predicted had not seen the level.
    private static let unseenLevelName = "unseen-level"

    /// The record that the input came as, which it counts as derived from where no header tells more.
    private var own: RecordPlace?
    private var source: String?
    private var modelTime: String?
    private var isLevelSeen = true

    init(_ publication: Publication, of origin: Record, _ preset: Preset) {
        switch publication {
        case .prediction(let predicted):
            source = origin.place?.description
            modelTime = preset.tellsModelOfPredictions ? nil : predicted.modelTime
            isLevelSeen = predicted.isLevelSeen
        case .evaluation(let evaluation):
            source = evaluation.source
            modelTime = preset.tellsModelOfEvaluations ? nil : evaluation.modelTime
            isLevelSeen = evaluation.isLevelSeen
        case .drift, .withdrawal: break
        }
    }

    init(of record: Record) {
        own = record.place
        source = record.header(Self.sourceName)
        modelTime = record.header(Self.modelTimeName)
        isLevelSeen = record.header(Self.unseenLevelName) == nil
    }

    var headers: [Record.Header] {
        [
            source.map { Record.Header(Self.sourceName, $0) },
            modelTime.map { Record.Header(Self.modelTimeName, $0) },
            isLevelSeen ? nil : Record.Header(Self.unseenLevelName, "true"),
        ].compactMap(\.self)
    }

    func applied(to input: Input) -> Input {
        switch input {
        case .predicted(var predicted):
            predicted.source = source.flatMap { RecordPlace($0) } ?? own
            predicted.modelTime = predicted.modelTime ?? modelTime
            predicted.isLevelSeen = isLevelSeen
            return .predicted(predicted)
        case .event(.outcome(var outcome)):
            outcome.source = own
            return .event(.outcome(outcome))
        case .evaluated(var evaluation):
            evaluation.source = source ?? own?.description
            evaluation.modelTime = evaluation.modelTime ?? modelTime
            evaluation.isLevelSeen = isLevelSeen
            return .evaluated(evaluation)
        default: return input
        }
    }
}

extension Preset {
    fileprivate var tellsModelOfPredictions: Bool { predictionForm == .structure }
    fileprivate var tellsModelOfEvaluations: Bool { columns.evaluation.contains { $0.content == .modelTime } }
}
