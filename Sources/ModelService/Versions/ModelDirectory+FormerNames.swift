import Glibc

extension ModelDirectory {
    /// Servers before the changes of the state were appended gave a model a hidden name with the revision of its state,
    /// `.VERSION.json.REVISION.pending`, and its real one after that. Such a server may have crashed in between.
    ///
    /// - Parameter revision: of the state; 0 where there is none.
    func settleFormerNames(under revision: Int64) {
        for name in folder.hiddenNames {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 5, parts[0].isEmpty, parts[2] == "json", parts[4] == "pending",
                ModelVersion.isVersion(parts[1]), let told = Int64(parts[3])
            else { continue }
            if told <= revision {
                unsafe rename("\(path)/\(name)", "\(path)/\(parts[1]).json")
            } else {
                unsafe unlink("\(path)/\(name)")
            }
        }
    }
}
