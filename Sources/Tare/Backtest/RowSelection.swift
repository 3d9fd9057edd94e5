import ModelService
import Regression

/// Which of the observed rows a training takes, with how that was typed: `newest:50`.
struct RowSelection: Sendable, Equatable {
    let choice: RowChoice
    let text: String

    init(_ text: String) throws(RowChoiceError) {
        choice = try RowChoice(text, factor: ModelSpecification.fish.factor.name)
        self.text = text
    }

    private init(newest count: Int) {
        choice = .newest(count)
        text = "newest:\(count)"
    }

    static let standard = RowSelection(newest: 50)

    /// How many rows it takes of a recording with one level.
    var count: Int {
        switch choice {
        case .newest(let count), .perLevel(let count): count
        case .mixed(let count, let floor): max(count, floor)
        case .auto: Self.standard.count
        }
    }
}
