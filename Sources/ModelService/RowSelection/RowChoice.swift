import Regression

/// Which of the observed rows a model is fitted on: a pure choice, and what it asks of a store.
package enum RowChoice: Sendable, Equatable {
    /// So many newest rows, as the original does it: a level that is not among them is forgotten.
    case newest(Int)
    /// So many newest rows of each level, however old.
    case perLevel(Int)
    /// The newest rows, and of a level that has fewer than `floor` among them, its newest up to so many.
    case mixed(newest: Int, floor: Int)
    /// Fits on several numbers of newest rows, and of each level, compete: see `Contest`.
    case auto

    /// Rows that a choice may name: what one training reads must have a bound.
    package static let countMax = 1_000_000

    /// How many rows a training reads by it, of one level.
    package var rowsMax: Int {
        switch self {
        case .newest(let count), .perLevel(let count): count + Trial.rowsBefore
        case .mixed(let count, let floor): count + floor + Trial.rowsBefore
        case .auto: Self.automaticMax + Self.automaticPerLevel + Trial.rowsBefore
        }
    }

    /// - Parameter more: how many newest rows are wanted beside those of a fit.
    func rows(
        of store: UsableRows, and more: Int = 0, within bounds: RowBounds = RowBounds()
    ) throws(StoreError) -> TrainingColumns {
        let (newest, ofEachLevel): (Int, Int)
        switch self {
        case .newest(let count): return try store.newest(count + more)
        case .perLevel(let count): (newest, ofEachLevel) = (more, count)
        case .mixed(let count, let floor): (newest, ofEachLevel) = (count + more, floor)
        case .auto: (newest, ofEachLevel) = (Self.automaticMax + more, Self.automaticPerLevel)
        }
        // In this order: a row that arrives between the two is then among the newest, and none is read twice.
        let levels = try store.newestOfEachLevel(ofEachLevel, within: bounds)
        return TrainingColumns(
            Self.merged(newest: try store.newest(newest).rows, ofEachLevel: levels.map(\.rows)), rule: store.rule)
    }

    /// The newest rows and those of each level, none of them twice.
    ///
    /// As both end with the newest, the rows of a level that stand in both are the last of that level.
    ///
    /// - Parameters:
    ///   - newest: oldest first.
    ///   - ofEachLevel: the rows of one level in each, oldest first.
    /// - Returns: oldest first; rows without a time come first. Rows of one time have those of the newest last.
    static func merged(newest: ObservedColumns, ofEachLevel: [ObservedColumns]) -> ObservedColumns {
        // By its bytes, as a store tells levels apart: two texts that Unicode calls the same are two there.
        var known: [[UInt8]: Int] = [:]
        if let groups = newest.groups {
            var counts = Array(repeating: 0, count: groups.names.count)
            for code in groups.codes where code >= 0 { counts[Int(code)] += 1 }
            for (name, count) in zip(groups.names, counts) { known[Array(name.utf8)] = count }
        } else {
            known[[]] = newest.count
        }
        let others = ofEachLevel.reversed().map { level in
            let name = level.groups?.usedNames.first ?? ""
            return level.taking(Array(0..<max(0, level.count - known[Array(name.utf8), default: 0]))[...])
        }
        let all = ObservedColumns.joined(others + [newest])
        return all.taking(all.times.indices.sorted { all.times[$0] < all.times[$1] }[...])
    }
}

// MARK: - Text

extension RowChoice {
    /// Reads `newest:50`, `per-district:50`, `per-group:50`, `mixed:50:10` and `auto`.
    ///
    /// - Parameter factor: the name of the grouping factor, which may stand in the text.
    package init(_ text: String, factor: String) throws(RowChoiceError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let counts = parts.dropFirst().compactMap { Int($0) }.filter { 1...Self.countMax ~= $0 }
        switch (parts[0], counts.count, parts.count) {
        case ("auto", 0, 1): self = .auto
        case ("newest", 1, 2): self = .newest(counts[0])
        case ("per-\(factor)", 1, 2), ("per-group", 1, 2): self = .perLevel(counts[0])
        case ("mixed", 2, 3): self = .mixed(newest: counts[0], floor: counts[1])
        default:
            throw RowChoiceError(
                description: "'\(text)' is no choice of rows. Accepted are auto, newest:N, per-\(factor):N and"
                    + " mixed:NEWEST:FLOOR, with numbers from 1 to \(Self.countMax)")
        }
    }
}

extension RowChoice {
    /// The text that it is read from.
    package func text(factor: String) -> String {
        switch self {
        case .newest(let count): "newest:\(count)"
        case .perLevel(let count): "per-\(factor):\(count)"
        case .mixed(let count, let floor): "mixed:\(count):\(floor)"
        case .auto: "auto"
        }
    }
}

/// Why a text is no choice of rows.
package struct RowChoiceError: Error, Equatable, CustomStringConvertible {
    package let description: String
}
