import ArgumentParser
package import ModelService
import Regression
package import Specification

/// Which of the observed rows a training takes, with how that was typed: `newest:50`.
package struct RowSelection: Sendable, Equatable {
    package let choice: RowChoice
    package let text: String
    /// The factor that the text names, as `per-district:50` does; what is served decides whether it is the right one.
    private let factor: String?

    package init(_ text: String) throws(RowChoiceError) {
        let name = text.hasPrefix("per-") ? text.dropFirst("per-".count).prefix { $0 != ":" } : "group"
        choice = try RowChoice(text, factor: String(name))
        factor = name == "group" ? nil : String(name)
        self.text = text
    }

    private init(newest count: Int) {
        choice = .newest(count)
        text = "newest:\(count)"
        factor = nil
    }

    package static let standard = RowSelection(newest: 50)

    /// How many rows it takes of a recording with one level.
    package var count: Int {
        switch choice {
        case .newest(let count), .perLevel(let count): count
        case .mixed(let count, let floor): max(count, floor)
        case .auto: Self.standard.count
        }
    }

    package func check(against specification: ModelSpecification) throws {
        guard let factor, factor != specification.factor?.name else { return }
        throw ValidationError(
            "--rows is '\(text)', but the rows of this model are not grouped by '\(factor)'; accepted is"
                + " per-group:N\(specification.factor.map { " or per-\($0.name):N" } ?? "")")
    }
}
