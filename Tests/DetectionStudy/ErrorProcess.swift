import EventProcessing

/// Errors of a machine, in units of their own standard deviation, one after the other.
struct ErrorProcess {
    enum Shape: String, CaseIterable {
        case normal
        /// One in 50 is off by ten standard deviations more, to either side.
        case outliers
        /// Student's t with 3 degrees of freedom, scaled to a standard deviation of 1.
        case heavyTails = "t3"
        /// Each is like the one before it, with a correlation of 0.5.
        case autocorrelated
    }

    private static let unit = NormalDistribution(mean: 0, standardDeviation: 1)
    private static let correlation = 0.5

    let shape: Shape
    private var last: Double?

    init(_ shape: Shape) { self.shape = shape }

    mutating func draw(using random: inout Xoshiro256) -> Double {
        let z = Self.unit.draw(using: &random)
        switch shape {
        case .normal: return z
        case .outliers:
            guard random.nextFraction() < 1.0 / 50 else { return z }
            return z + (random.nextFraction() < 0.5 ? -10 : 10)
        case .heavyTails:
            let squares = (0..<3).reduce(0.0) { sum, _ in
                let draw = Self.unit.draw(using: &random)
                return sum + draw * draw
            }
            // t is z / sqrt(squares / 3), and its standard deviation the square root of 3.
            return z / squares.squareRoot()
        case .autocorrelated:
            let innovation = (1 - Self.correlation * Self.correlation).squareRoot()
            let error = last.map { Self.correlation * $0 + innovation * z } ?? z
            last = error
            return error
        }
    }
}

/// What happens to the errors from some row on.
enum ErrorChange: Equatable {
    /// By so many standard deviations, at once.
    case shift(Double)
    /// The standard deviation grows by a factor, at once.
    case spread(Double)
    /// By so many standard deviations more with each row.
    case slope(Double)

    /// - Parameter rows: since the change, from 0.
    func applied(to error: Double, rows: Int) -> Double {
        switch self {
        case .shift(let size): error + size
        case .spread(let factor): error * factor
        case .slope(let size): error + size * Double(rows + 1)
        }
    }
}

extension ErrorChange: CustomStringConvertible {
    var description: String {
        switch self {
        case .shift(let size): "shift \(size)"
        case .spread(let factor): "spread \(factor)"
        case .slope(let size): "slope \(size)"
        }
    }

    /// Reads `shift:0.5`, `spread:1.5` or `slope:0.02`.
    init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let size = Double(parts[1]) else { return nil }
        switch parts[0] {
        case "shift": self = .shift(size)
        case "spread": self = .spread(size)
        case "slope": self = .slope(size)
        default: return nil
        }
    }
}
