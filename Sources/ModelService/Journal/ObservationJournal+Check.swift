import Glibc

extension ObservationJournal {
    /// Reads what waits in a journal.
    /// - Parameter repairs: whether the file is kept under another name, and one of the lines that are whole takes its place.
    ///   A journal that a server uses is left to that server, which passes over what is damaged, and one whose first line is
    ///   damaged to people: nobody can tell whose rows it holds.
    package static func check(_ path: String, repairs: Bool = false) throws(StoreError) -> CheckReport {
        var report = CheckReport("the journal \(path)")
        guard unsafe access(path, F_OK) == 0 else { return report }
        let file = try OpenFile(path, writes: false, makes: false)
        let isMine = repairs ? try file.lock() : false
        let bytes = try file.read(count: Int(try file.status.st_size))
        let contents = JournalContents(bytes)
        report.contents = "\(contents.rows) rows wait for \(contents.store ?? "no store")"
        guard contents.damagedLines > 0 else { return report }
        let damage = "\(contents.damagedLines) lines are not as they were written"
        if !repairs {
            report.findings.append(.init(damage))
        } else if !isMine {
            report.findings.append(.init("\(damage), and a server uses the journal: it is left to that one"))
        } else if contents.store == nil, contents.rows > 0 {
            report.findings.append(.init("\(damage), among them the first, which says whose rows they are"))
        } else {
            report.findings.append(.init(damage, aside: try setAside(path, keeping: JournalText.wholeLines(of: bytes))))
        }
        return report
    }

    /// At every moment there is a journal, and it has all the whole lines.
    private static func setAside(_ path: String, keeping lines: [UInt8]) throws(StoreError) -> String {
        let aside = try DurableFolder.giveSecondName(path)
        let name = path.split(separator: "/").last.map { String($0) } ?? path
        try DurableFolder(path: Folder.parent(of: path)).write(lines, name: name)
        return aside
    }
}
