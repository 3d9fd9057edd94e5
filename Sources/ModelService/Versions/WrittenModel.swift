import Documents
import Specification

/// A model as its document, which takes long to make. A reference, as logs of many are copied.
final class WrittenModel: Sendable {
    let version: String
    let document: JSON

    /// - Parameter document: was read back alike.
    init(version: String, document: JSON) {
        (self.version, self.document) = (version, document)
    }

    /// As it stands in a file of its own.
    var fileText: [UInt8] { document.indented }
}

/// A model that was written just now.
struct NewModel {
    let model: WrittenModel
    /// Its document in one line.
    let text: [UInt8]

    /// As it stands in a file of its own.
    var fileText: [UInt8] { text.indentedJSON }
}

/// Writes models, and sees to it that each is read back alike.
struct ModelWriter: Sendable {
    /// That of the last model, which was read back alike: nearly always the next one has it too.
    private var known: ModelSpecification?

    /// - Throws: where another model would be read than the one that is written.
    mutating func write(_ model: ModelVersion) throws(StoreError) -> NewModel {
        let sealed = model.sealed
        let known = known === model.specification ? known : nil
        guard (try? ModelVersion(ofOwn: sealed.document, about: known)) == model else {
            throw StoreError(.refused, "the model \(model.version) cannot be written so that it is read back alike")
        }
        self.known = model.specification
        return NewModel(
            model: WrittenModel(version: model.version, document: sealed.document), text: sealed.text)
    }
}
