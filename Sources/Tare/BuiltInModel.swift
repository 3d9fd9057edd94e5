import Documents
import ModelService
import Specification

extension ModelVersion {
    /// The model that the program carries, so that it starts in any folder: that of the worked example.
    static let builtIn: ModelVersion = {
        do {
            return try ModelVersion(document: JSON(parsing: Assets.firstModel))
        } catch {
            preconditionFailure("the model in the program: \(error)")
        }
    }()

    /// The model of a file; without one the built-in one.
    static func read(_ file: String?) throws -> ModelVersion {
        try file.map { try ModelDirectory.read(file: $0) } ?? .builtIn
    }
}

extension ModelSpecification {
    /// What holds where nobody says what the rows are about.
    static var builtIn: ModelSpecification { ModelVersion.builtIn.specification }
}
