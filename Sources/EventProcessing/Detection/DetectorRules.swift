/// Which detector watches, and by which rules.
package enum DetectorRules: Sendable, Equatable {
    case window(WindowRules)
    case sequential(SequentialRules)

    package func detector() -> any DriftDetector {
        switch self {
        case .window(let rules): TumblingWindow(rules)
        case .sequential(let rules): SequentialDetector(rules)
        }
    }
}
