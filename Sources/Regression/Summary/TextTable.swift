/// Rows of cells as lines of text with aligned columns.
struct TextTable {
    let lines: [String]

    /// - Parameters:
    ///   - rows: all with the same number of cells.
    ///   - leftAligned: the columns that are; the others are aligned to the right.
    init(_ rows: [[String]], leftAligned: Set<Int> = []) {
        let widths = rows.reduce(into: Array(repeating: 0, count: rows[0].count)) { widths, row in
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
        }
        lines = rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return leftAligned.contains(column) ? cell + space : space + cell
            }
            let line = cells.joined(separator: "  ")
            return String(line.prefix(line.count - line.reversed().prefix { $0 == " " }.count))
        }
    }
}
