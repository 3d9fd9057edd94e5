import Documents
package import Regression

/// Observed rows by columns, and which of them a fit can use: those that a rule admits.
package struct TrainingColumns: Sendable {
    /// With levels as they count.
    let rows: ObservedColumns
    package let isUsable: [Bool]
    package let usableCount: Int

    package init(_ rows: ObservedColumns, rule: RowRule) {
        let rows = rule.foldsCase ? rows.renamingLevels(\.foldedLevel) : rows
        let isUsable = rule.usable(rows)
        self.init(rows: rows, isUsable: isUsable, usableCount: isUsable.count { $0 })
    }

    private init(rows: ObservedColumns, isUsable: [Bool], usableCount: Int) {
        self.rows = rows
        self.isUsable = isUsable
        self.usableCount = usableCount
    }

    package var count: Int { rows.count }
    package var predictors: [[Double]] { rows.predictors }
    package var factors: [FactorColumn] { rows.factors }
    package var responses: [Double] { rows.responses }

    /// The usable rows alone.
    var usableRows: ObservedColumns {
        usableCount == count ? rows : rows.taking(isUsable.indices.filter { isUsable[$0] }[...])
    }

    /// The identities of the usable rows, newest first.
    var newestIdentities: some Sequence<String> {
        isUsable.indices.reversed().lazy.filter { isUsable[$0] }.map { rows.identities[$0] }
    }

    /// The shortest end with so many usable rows; nil where there are not so many.
    func end(holding count: Int) -> TrainingColumns? {
        guard count <= usableCount else { return nil }
        var left = count
        var start = self.count
        while left > 0 {
            start -= 1
            if isUsable[start] { left -= 1 }
        }
        guard start > 0 else { return self }
        return TrainingColumns(
            rows: rows.taking(Array(start..<self.count)[...]), isUsable: Array(isUsable[start...]), usableCount: count)
    }

    /// How many rows are not usable that are newer than a usable one.
    /// - Parameter place: among the usable rows; nil counts all.
    func unusableCount(after place: Int?) -> Int {
        guard usableCount < count else { return 0 }
        guard let place else { return count - usableCount }
        var usable = -1
        let row = isUsable.firstIndex { isUsed in
            usable += isUsed ? 1 : 0
            return usable == place
        }
        return count - (row ?? count) - (usableCount - place)
    }
}

extension RowRule {
    /// Whether each row is usable.
    fileprivate func usable(_ rows: ObservedColumns) -> [Bool] {
        var isUsable = rows.responses.map { admits(response: $0) }
        for (place, column) in rows.predictors.enumerated() {
            for row in column.indices where !admits(column[row], asPredictor: place) { isUsable[row] = false }
        }
        for (place, column) in rows.factors.enumerated() {
            let isLevel = column.names.map { admits(level: $0, ofFactor: place) }
            for row in column.codes.indices where column.codes[row] < 0 || !isLevel[Int(column.codes[row])] {
                isUsable[row] = false
            }
        }
        if let latest = clock?.latest.milliseconds {
            for row in rows.times.indices where rows.times[row] > latest { isUsable[row] = false }
        }
        guard !takesNumbersAsTheyAre else { return isUsable }
        var numbers = Array(repeating: 0.0, count: rows.predictors.count)
        for row in isUsable.indices where isUsable[row] {
            for place in numbers.indices { numbers[place] = rows.predictors[place][row] }
            isUsable[row] = isDefined(numbers)
        }
        return isUsable
    }
}
