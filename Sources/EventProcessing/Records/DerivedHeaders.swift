/// What the headers of a derived record tell the next stage, beside the columns that are the preset's.
package struct DerivedHeaders {
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

    package static func of(_ publication: Publication, from origin: Record, _ preset: Preset) -> DerivedHeaders {
        switch publication {
        case .prediction(let predicted):
            DerivedHeaders(
                source: origin.place?.description,
                modelTime: preset.tellsModelOfPredictions ? nil : predicted.modelTime,
                isLevelSeen: predicted.isLevelSeen)
        case .evaluation(let evaluation):
            DerivedHeaders(
                source: evaluation.source, modelTime: preset.tellsModelOfEvaluations ? nil : evaluation.modelTime,
                isLevelSeen: evaluation.isLevelSeen)
        case .drift, .withdrawal: DerivedHeaders()
        }
    }

    package static func told(by record: Record) -> DerivedHeaders {
        guard !record.headers.isEmpty else { return DerivedHeaders(own: record.place) }
        return DerivedHeaders(
            own: record.place, source: record.header(sourceName), modelTime: record.header(modelTimeName),
            isLevelSeen: record.header(unseenLevelName) == nil)
    }

    package var headers: [Record.Header] {
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
