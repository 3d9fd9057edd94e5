import FoundationEssentials
import Glibc

extension ModelDirectory {
    /// Reads every model and the state.
    /// - Parameter repairs: whether what is damaged is renamed, so that nobody takes it for a model or the state.
    package func check(repairs: Bool) throws(StoreError) -> CheckReport {
        var report = CheckReport("the models in \(path)")
        guard unsafe access(path, F_OK) == 0 else { return report }
        var whole: Set<String> = []
        for version in try versions(before: nil, limit: .max) {
            do throws(StoreError) {
                guard let model = try model(version) else { continue }
                guard model.version == version else {
                    throw StoreError(.refused, "\(path)/\(version).json holds the model \(model.version)")
                }
                whole.insert(version)
            } catch {
                report.findings.append(try finding(error, "\(version).json", repairs: repairs))
            }
        }
        report.contents = "\(whole.count) models"
        do throws(StoreError) {
            let state = try state(otherThan: 0)
            if let active = state?.active, !whole.contains(active), (try? model(active)) == nil {
                report.remarks.append(
                    "\(active), which is to serve, is not among them; the newest serves until one is trained or activated"
                )
            }
        } catch {
            report.findings.append(try finding(error, Self.stateName, repairs: repairs))
        }
        return report
    }

    private func finding(
        _ error: StoreError, _ name: String, repairs: Bool
    ) throws(StoreError) -> CheckReport.Finding {
        guard repairs else { return CheckReport.Finding(error.description) }
        let file = "\(path)/\(name)"
        return CheckReport.Finding(error.description, aside: try DurableFolder.setAside(file))
    }
}

extension DurableFolder {
    /// Gives a file a name that nobody else has or reads.
    /// - Returns: the name.
    package static func setAside(_ file: String) throws(StoreError) -> String {
        let aside = try giveSecondName(file)
        guard unsafe unlink(file) == 0 else { throw StoreError(failedTo: "set aside", file) }
        return aside
    }

    /// The same beside the name that it has.
    static func giveSecondName(_ file: String) throws(StoreError) -> String {
        var number = 1
        while true {
            let aside = "\(file).damaged-\(number)"
            // Not over what was set aside before.
            if unsafe link(file, aside) == 0 { return aside }
            guard errno == EEXIST else { throw StoreError(failedTo: "set aside", file) }
            number += 1
        }
    }
}
