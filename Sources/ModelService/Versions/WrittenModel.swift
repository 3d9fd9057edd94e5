import Documents
import Specification

/// A model as its document, which takes long to make. A reference, as logs of many are copied.
final class WrittenModel: Sendable {
    let version: String
    let document: JSON

    /// - Throws: where another model would be read than the one that is written.
    init(_ model: ModelVersion) throws(StoreError) {
        (version, document) = (model.version, model.document)
        guard (try? ModelVersion(ofOwn: document)) == model else {
            throw StoreError(.refused, "the model \(version) cannot be written so that it is read back alike")
        }
    }

    /// - Parameter document: was written by another one of these.
    init(version: String, document: JSON) {
        (self.version, self.document) = (version, document)
    }

    /// As it stands in a file of its own.
    var text: [UInt8] { document.indented }
}
