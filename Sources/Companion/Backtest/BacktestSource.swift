import ArgumentParser
import EventProcessing
import ModelService
import Regression
import Specification
import Streaming

/// What a backtest replays, as it is typed.
enum BacktestSource: Equatable {
    case recorded(RecordedEvents)
    case simulator
    case friedman(Friedman.Drift)

    init(_ text: String) throws {
        let accepted = "accepted are FILE, kcat:FILE, simulator, friedman:abrupt and friedman:gradual"
        if text.hasPrefix("friedman:") {
            guard let drift = Friedman.Drift(rawValue: String(text.dropFirst("friedman:".count))) else {
                throw ValidationError("'\(text)' is no drift of Friedman's function; \(accepted)")
            }
            self = .friedman(drift)
            return
        }
        switch try StreamSource(text) {
        case .simulator: self = .simulator
        case .events(.file(let path)): self = .recorded(RecordedEvents(path: path, isCapture: false))
        case .kcat(.file(let path)): self = .recorded(RecordedEvents(path: path, isCapture: true))
        case .events(.standardInput), .kcat(.standardInput):
            throw ValidationError("'\(text)' can be read once only, and each setting reads it anew; \(accepted)")
        default: throw ValidationError("'\(text)' has no end, and each setting reads it anew; \(accepted)")
        }
    }

    var isSimulated: Bool { if case .recorded = self { false } else { true } }
}

/// A file of events, in either of the forms that `tare stream` reads.
struct RecordedEvents: Equatable {
    let path: String
    /// Whether it is what `kcat -J` printed.
    let isCapture: Bool

    func open(_ specification: ModelSpecification, _ preset: Preset) throws -> any EventSource {
        let lines = try LineReader(path: path)
        if isCapture {
            let reader = RecordReader(specification: specification, preset: preset, roles: .all)
            return LineSource(lines, format: .kcat(reader))
        }
        let reader = EventReader(specification: specification, names: preset.fieldNames)
        return LineSource(lines, format: .events(reader))
    }
}

extension SimulatorPlan {
    /// The places, counted from 0, at which subjects of a level begin to come that were not there before: that the first
    /// model does not know, or that the stage before did not have.
    func drifts(total: Int, known: [String]) -> [Int] {
        var before = Set(known)
        var drifts: [Int] = []
        var first = 0
        while first < total {
            for stage in stages where first < total {
                let levels = Set(stage.shares.map(\.level))
                if !levels.isSubset(of: before) { drifts.append(first) }
                before = levels
                first += stage.count
            }
        }
        return drifts
    }
}
