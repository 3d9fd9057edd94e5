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

    // Functions, as an initialiser would take a copy of all that it is given.

    static func of(_ publication: Publication, from origin: Record, _ preset: Preset) -> DerivedHeaders {
        var headers = DerivedHeaders()
        switch publication {
        case .prediction(let predicted):
            headers.source = origin.place?.description
            headers.modelTime = preset.tellsModelOfPredictions ? nil : predicted.modelTime
            headers.isLevelSeen = predicted.isLevelSeen
        case .evaluation(let evaluation):
            headers.source = evaluation.source
            headers.modelTime = preset.tellsModelOfEvaluations ? nil : evaluation.modelTime
            headers.isLevelSeen = evaluation.isLevelSeen
        case .drift, .withdrawal: break
        }
        return headers
    }

    static func told(by record: Record) -> DerivedHeaders {
        var headers = DerivedHeaders()
        headers.own = record.place
        guard !record.headers.isEmpty else { return headers }
        headers.source = record.header(sourceName)
        headers.modelTime = record.header(modelTimeName)
        headers.isLevelSeen = record.header(unseenLevelName) == nil
        return headers
    }

    var headers: [Record.Header] {
        var headers: [Record.Header] = []
        if let source { headers.append(Record.Header(Self.sourceName, source)) }
        if let modelTime { headers.append(Record.Header(Self.modelTimeName, modelTime)) }
        if !isLevelSeen { headers.append(Record.Header(Self.unseenLevelName, "true")) }
        return headers
    }

    func apply(to predicted: inout PredictedMeasurement) {
        predicted.source = source.flatMap { RecordPlace($0) } ?? own
        if predicted.modelTime == nil { predicted.modelTime = modelTime }
        predicted.isLevelSeen = isLevelSeen
    }

    func apply(to outcome: inout Outcome) { outcome.source = own }

    func apply(to evaluation: inout Evaluation) {
        evaluation.source = source ?? own?.description
        if evaluation.modelTime == nil { evaluation.modelTime = modelTime }
        evaluation.isLevelSeen = isLevelSeen
    }
}

extension Preset {
    fileprivate var tellsModelOfPredictions: Bool { predictionForm == .structure }
    fileprivate var tellsModelOfEvaluations: Bool { columns.evaluation.contains { $0.content == .modelTime } }
}
