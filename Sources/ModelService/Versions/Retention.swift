/// How many models are kept: a pure decision.
package struct Retention: Sendable, Equatable {
    /// Nil keeps all.
    package let keep: Int?

    package init(keep: Int? = nil) {
        self.keep = keep
    }

    /// Which versions go. The active one and its parent stay whatever the number; they count among those that are kept.
    func removals(newestFirst: [String], active: String?, parent: String?) -> [String] {
        guard let keep else { return [] }
        let isProtected = { (version: String) in version == active || version == parent }
        var room = keep - newestFirst.count(where: isProtected)
        return newestFirst.filter { version in
            if isProtected(version) { return false }
            room -= 1
            return room < 0
        }
    }
}
