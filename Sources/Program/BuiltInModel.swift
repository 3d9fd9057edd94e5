import CAssets
import Documents
package import ModelService
package import Specification

extension ModelVersion {
    /// The model that the program carries, so that it starts in any folder: that of the worked example.
    package static let builtIn: ModelVersion = {
        do {
            return try ModelVersion(document: JSON(parsing: builtInFile))
        } catch {
            preconditionFailure("the model in the program: \(error)")
        }
    }()

    /// Compiled in.
    static var builtInFile: [UInt8] {
        let asset = unsafe tare_asset_first_model()
        return unsafe Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
    }

    /// The model of a file; without one the built-in one.
    package static func read(_ file: String?) throws -> ModelVersion {
        try file.map { try ModelDirectory.read(file: $0) } ?? .builtIn
    }
}

extension ModelSpecification {
    /// What holds where nobody says what the rows are about.
    package static var builtIn: ModelSpecification { ModelVersion.builtIn.specification }
}
