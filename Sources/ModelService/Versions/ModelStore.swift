import Regression
package import Specification

/// Where models are kept, and where servers that share them agree on which one serves. Calls block; none is made from a
/// thread that serves predictions.
package protocol ModelStore: Sendable {
    /// Writes the model, in place of what stood under its version, reads it back and compares. When this returns, the
    /// model is durable.
    func save(_ model: ModelVersion) throws(StoreError)

    /// Nil where there is none of that version.
    /// - Throws: also where what is kept under the version is no model.
    func model(_ version: String) throws(StoreError) -> ModelVersion?

    /// Newest first.
    /// - Parameter before: only those that sort before it, in byte order; nil for all.
    func versions(before: String?, limit: Int) throws(StoreError) -> [String]

    /// Versions that are not there are passed over.
    func remove(_ versions: [String]) throws(StoreError)

    /// Nil where there is no state but the one of that revision, or none at all; the first has revision 1. A state may have
    /// a lower one than before, where the one before it was set aside.
    func state(otherThan revision: Int64) throws(StoreError) -> ServingState?

    /// Puts the state in place of the one whose revision is one less, or of none, durably, and before that keeps the model that it
    /// tells of. Returns false where another state stands there; the model is not kept then.
    func replaceState(with state: ServingState, keeping model: ModelVersion?) throws(StoreError) -> Bool

    /// Tries to become the server that trains; also true where this server is it already. Released when its holder exits or
    /// crashes.
    func beginTraining() throws(StoreError) -> Bool

    /// Lets others train.
    func endTraining()

    /// Removes what servers that crashed left half written.
    func removeLeftovers()

    /// Does what could wait for a quiet moment. Is called now and then while nobody waits for it.
    /// - Returns: whether there was anything to do.
    func tidy() throws(StoreError) -> Bool

    /// Lets go of connections and files. No other call follows.
    func close()
}

extension ModelStore {
    package func tidy() throws(StoreError) -> Bool { false }

    package func replaceState(with state: ServingState) throws(StoreError) -> Bool {
        try replaceState(with: state, keeping: nil)
    }

    /// The newest model that went into service and can be read.
    /// - Parameters:
    ///   - specification: nil where any will do.
    ///   - skipped: is told of those that could not be read, or are of another specification, with the reason.
    package func newest(
        of specification: ModelSpecification? = nil, skipped: (String) -> Void
    ) throws(StoreError) -> ModelVersion? {
        for version in try versions(before: nil, limit: .max) {
            do throws(StoreError) {
                guard let model = try model(version), model.state == .served else { continue }
                if let specification { try model.require(specification) }
                return model
            } catch let error where error.kind == .refused {
                skipped(error.description)
            }
        }
        return nil
    }
}

extension ModelVersion {
    /// - Throws: where the model is of another specification.
    package func require(_ specification: ModelSpecification) throws(StoreError) {
        guard self.specification == specification else {
            let differing = specification.differences(from: self.specification)
            throw StoreError(
                .refused,
                "the model \(version) is of another specification, '\(self.specification.subject)'; it differs in:"
                    + " \(differing.joined(separator: ", "))")
        }
    }
}
