import ArgumentParser
import ModelService
import Regression
import Streaming

/// What a backtest replays, as it is typed.
enum BacktestSource: Equatable {
    /// A file of events, in either of the forms that `tare stream` reads.
    case recorded(StreamSource)
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
        case .events(.standardInput), .kcat(.standardInput):
            throw ValidationError("'\(text)' can be read once only, and each setting reads it anew; \(accepted)")
        case let file: self = .recorded(file)
        }
    }

    var isSimulated: Bool { if case .recorded = self { false } else { true } }
}

extension StreamSource {
    func events(_ specification: ModelSpecification, _ preset: Preset) throws -> any EventSource {
        switch self {
        case .simulator: preconditionFailure("a simulator is not read")
        case .events(let file):
            let reader = EventReader(specification: specification, names: preset.fieldNames)
            return LineSource(try file.reader(), format: .events(reader))
        case .kcat(let file):
            let reader = RecordReader(specification: specification, preset: preset, roles: .all)
            return LineSource(try file.reader(), format: .kcat(reader))
        }
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
