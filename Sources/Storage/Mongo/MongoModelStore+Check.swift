import Documents
import ModelService
import Specification

// MARK: - Checking

extension MongoModelStore {
    /// How what is damaged is called from then on: no version begins with a letter.
    private static let asidePrefix = "damaged-"

    /// Reads every model and the state.
    /// - Parameter repairs: whether what is damaged gets another name.
    func check(repairs: Bool) throws(StoreError) -> CheckReport {
        var report = CheckReport("the models in \(endpoint.location)")
        var count = 0
        for version in try versions(before: nil, limit: .max) {
            do throws(StoreError) {
                if try model(version) != nil { count += 1 }
            } catch let error where error.kind == .refused {
                report.findings.append(.init(error.description, aside: repairs ? try setAside(version) : nil))
            }
        }
        report.contents = "\(count) models"
        try check(stateOf: &report, repairs: repairs)
        return report
    }

    private func check(stateOf report: inout CheckReport, repairs: Bool) throws(StoreError) {
        guard let text = try text(["_id": .string(Self.stateName)], purpose: "reading the state") else { return }
        do throws(ModelDocumentError) {
            _ = try ServingState(text: Array(text.utf8))
        } catch {
            let aside = repairs ? try setAside(Self.stateName) : nil
            report.findings.append(.init("'\(Self.stateName)' is no state: \(error)", aside: aside))
        }
    }

    private func setAside(_ name: String) throws(StoreError) -> String {
        let aside = "\(Self.asidePrefix)\(name)"
        guard let text = try text(["_id": .string(name)], purpose: "reading \(name)") else { return aside }
        let kept: JSON = ["_id": .string(aside), "document": .string(text)]
        try endpoint.attempt("setting \(name) aside") { collection throws(MongoFailure) in
            if try !collection.insert([BSONDocument(kept)]).isEmpty {
                _ = try collection.replace(["_id": .string(aside)], with: kept)
            }
            try collection.delete(["_id": .string(name)])
        }
        return aside
    }
}
