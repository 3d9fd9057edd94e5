import ArgumentParser
import EventProcessing

/// One topic under another name, as it is typed.
struct TopicName {
    enum Which: String, CaseIterable {
        case measurement, prediction, outcome, evaluation, trigger
        case deadLetter = "dead-letter"
    }

    let which: Which
    let name: String

    init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let which = Which(rawValue: parts[0]) else {
            let accepted = Which.allCases.map { "\($0.rawValue)=NAME" }.joined(separator: ", ")
            throw ValidationError("'\(text)' names no topic; accepted are \(accepted)")
        }
        self.which = which
        name = parts[1]
    }

    func apply(to preset: inout Preset) {
        switch which {
        case .measurement: preset.topics.measurement = name
        case .prediction: preset.topics.prediction = name
        case .outcome: preset.topics.outcome = name
        case .evaluation: preset.topics.evaluation = name
        case .trigger: preset.topics.trigger = name
        case .deadLetter: break
        }
    }
}
