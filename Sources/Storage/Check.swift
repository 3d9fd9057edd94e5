package import ModelService
import Regression
package import Specification

/// Reads a store of rows from end to end.
/// - Parameter repairs: whether what is damaged is set aside, with the rows that are whole saved.
package func check(
    _ location: StoreLocation, specification: ModelSpecification, repairs: Bool
) throws(StoreError) -> CheckReport {
    switch location {
    case .sqlite(let path):
        return try SQLiteSalvage(path: path, specification: specification).check(repairs: repairs)
    case .mongo:
        let store = try openStore(location, specification: specification, log: { _ in })
        defer { store.close() }
        return try checkPages(of: store, "\(location)")
    }
}

/// Reads a store of models from end to end.
/// - Parameter repairs: whether what is damaged is set aside.
package func check(_ location: ModelStoreLocation, repairs: Bool) throws(StoreError) -> CheckReport {
    switch location {
    case .folder(let path): return try ModelDirectory(path: path).check(repairs: repairs)
    case .mongo(let location):
        let store = try MongoModelStore(location: location, log: { _ in })
        defer { store.close() }
        return try store.check(repairs: repairs)
    }
}

/// The database watches over its own files; what others wrote there may be of no use.
private func checkPages(of store: any Store, _ name: String) throws(StoreError) -> CheckReport {
    var report = CheckReport("the rows in \(name)")
    var (count, useless) = (0, 0)
    var place = StorePlace.time(nil)
    while true {
        let page = try store.rows(after: place, notAfter: nil, limit: 10_000)
        count += page.rows.count
        useless += page.rows.count {
            $0.level == nil || $0.actual == nil || $0.predictors.contains(nil) || $0.otherLevels.contains(nil)
        }
        guard page.isFull, page.end != place else { break }
        place = page.end
    }
    report.contents = "\(count) rows"
    if useless > 0 { report.remarks.append("\(useless) rows lack what a training needs, and are passed over") }
    return report
}
