import ArgumentParser
import ModelService

/// Which of the observed rows a training takes, as it is typed: `newest:50`.
struct RowSelection: Sendable, Hashable, ExpressibleByArgument, CustomStringConvertible {
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "newest", let count = Int(parts[1]), (1...1_000_000).contains(count)
        else { return nil }
        self.init(newest: count)
    }

    init(newest count: Int) { self.count = count }

    /// - Parameter observations: oldest first.
    func choose(_ observations: [Observation]) -> [Observation] { observations.suffix(count) }

    var description: String { "newest:\(count)" }
    var defaultValueDescription: String { description }
}
