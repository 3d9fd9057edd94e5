import ArgumentParser

/// How fast recorded or simulated time passes.
enum Speed: Equatable, ExpressibleByArgument {
    case times(Double)
    /// As fast as the reader takes it.
    case max

    init?(argument: String) {
        if argument == "max" {
            self = .max
        } else if let factor = Double(argument), factor > 0, factor.isFinite {
            self = .times(factor)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .times(let factor): factor == factor.rounded() ? String(Int(factor)) : String(factor)
        case .max: "max"
        }
    }

    /// Whether event time passes faster than time does.
    var isFast: Bool {
        switch self {
        case .times(let factor): factor > 1
        case .max: true
        }
    }

    /// How long after the start something happens that is due so many milliseconds of event time after it.
    func delay(ofMilliseconds milliseconds: Int64) -> Duration {
        switch self {
        case .times(let factor): .seconds(Double(milliseconds) / 1000 / factor)
        case .max: .zero
        }
    }
}
