import Glibc

extension ObservationJournal {
    /// Reads what waits in a journal. What is damaged there the server sets aside by itself when it opens the journal.
    package static func check(_ path: String) throws(StoreError) -> CheckReport {
        var report = CheckReport("the journal \(path)")
        guard unsafe access(path, F_OK) == 0 else { return report }
        let file = try OpenFile(path, writes: false, makes: false)
        let contents = JournalContents(try file.read(count: Int(try file.status.st_size)))
        report.contents = "\(contents.rows) rows wait for \(contents.store ?? "no store")"
        if contents.damagedLines > 0 {
            report.findings.append(.init("\(contents.damagedLines) lines are not as they were written"))
        }
        return report
    }
}
