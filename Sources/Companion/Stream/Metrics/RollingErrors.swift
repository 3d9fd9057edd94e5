import Metrics

/// The errors of the newest rows of each group: a value that stays small whatever groups come.
struct RollingErrors: Sendable, Equatable {
    /// Rows of a group.
    static let rowsMax = 50

    struct Group: Sendable, Equatable {
        let name: String
        /// Oldest first.
        fileprivate(set) var errors: [Double] = []

        var mean: Double? { errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count) }
    }

    /// In the order in which they came; beyond the first ones all others are together.
    private(set) var groups: [Group] = []
    private let groupsMax: Int

    /// - Parameter groupsMax: groups that have a place of their own.
    init(groupsMax: Int = GroupLabels.groupsMax) { self.groupsMax = groupsMax }

    /// - Parameter group: nil where the model has none.
    mutating func add(_ error: Double, of group: String?) {
        let place = place(of: group ?? GroupLabels.all)
        if groups[place].errors.count == Self.rowsMax { groups[place].errors.removeFirst() }
        groups[place].errors.append(error)
    }

    private mutating func place(of name: String) -> Int {
        if let place = groups.firstIndex(where: { $0.name == name }) { return place }
        if groups.count < groupsMax {
            groups.append(Group(name: name))
            return groups.count - 1
        }
        if groups.last?.name != GroupLabels.other { groups.append(Group(name: GroupLabels.other)) }
        return groups.count - 1
    }
}
