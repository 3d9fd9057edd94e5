/// Sums over rows of the products of columns, added up block by block: in a block by lanes, the blocks in double-double. The
/// order is always the same, so the same rows give the same bits.
struct CrossProducts {
    private let families: DesignFamilies
    /// The upper triangle of XᵀX by columns: entry (i, j) with i ≤ j stands at `Triangle.place(i, j)`.
    private(set) var products: [DoubleDouble]
    /// What two families have in common in each group of rows.
    private var common: [DoubleDoubleLanes]
    /// Which cell each row adds to, -1 for none.
    private var cells: [Int32]

    /// Up to so many cells are summed one after the other by lanes; more of them row by row.
    private static let maskedCellsMax = 12

    /// - Parameter rowCount: of the design.
    init(_ families: DesignFamilies, columnCount: Int, rowCount: Int) {
        let groupCount = DesignBlock.groupCount(ofRows: rowCount)
        self.families = families
        common = Array(repeating: .zero, count: groupCount)
        cells = Array(repeating: -1, count: 4 * groupCount)
        products = Array(repeating: .zero, count: Triangle.count(columnCount))
    }

    /// Adds the products of all columns with each other.
    mutating func addProducts(_ block: borrowing DesignBlock) {
        for j in families.families.indices {
            for i in 0...j { addProducts(i, j, block) }
        }
    }

    private mutating func addProducts(_ i: Int, _ j: Int, _ block: borrowing DesignBlock) {
        let (first, second) = (families.families[i], families.families[j])
        let vectors = [first.vector, second.vector].compactMap(\.self)
        guard !(first.factors.isEmpty && second.factors.isEmpty) else {
            products[Triangle.place(first.columns[0], second.columns[0])] += Self.sum(of: vectors, block)
            return
        }
        let width = second.columns.count
        let cellCount = i == j ? width : first.columns.count * width
        setCells(i, j, block)
        func place(_ cell: Int) -> Int {
            let (a, b) = i == j ? (cell, cell) : (cell / width, cell % width)
            let (row, column) = (first.columns[a], second.columns[b])
            return Triangle.place(min(row, column), max(row, column))
        }
        if vectors.isEmpty { return count(block.rowCount, place) }
        setCommon(vectors, block)
        addCommon(cellCount, block.rowCount) { self.products[place($0)] += $1 }
    }

    /// Adds, for each column, the sum over the rows of its cells times the values that stand at a place of the block.
    mutating func addMoments(with place: Int, _ block: borrowing DesignBlock, to moments: inout [DoubleDouble]) {
        for (number, family) in families.families.enumerated() {
            let vectors = [family.vector, place].compactMap(\.self)
            guard !family.factors.isEmpty else {
                moments[family.columns[0]] += Self.sum(of: vectors, block)
                continue
            }
            setCells(number, number, block)
            setCommon(vectors, block)
            addCommon(family.columns.count, block.rowCount) { moments[family.columns[$0]] += $1 }
        }
    }

    /// The sum of the products of at most two vectors; of none, the number of rows.
    private static func sum(of vectors: [Int], _ block: borrowing DesignBlock) -> DoubleDouble {
        guard let first = vectors.first else { return DoubleDouble(Double(block.rowCount)) }
        let values = block.values.span
        let start = first * block.groupCount
        var sum = LaneSum()
        if vectors.count == 1 {
            for group in 0..<block.groupCount {
                let value = values[start + group]
                sum.add(DoubleDoubleLanes(high: value.high, low: value.low))
            }
        } else {
            let other = vectors[1] * block.groupCount
            for group in 0..<block.groupCount { sum.add(values[start + group].product(values[other + group])) }
        }
        return sum.total
    }

    private mutating func setCommon(_ vectors: [Int], _ block: borrowing DesignBlock) {
        let values = block.values.span
        let start = vectors[0] * block.groupCount
        if vectors.count == 1 {
            for group in 0..<block.groupCount {
                let value = values[start + group]
                common[group] = DoubleDoubleLanes(high: value.high, low: value.low)
            }
        } else {
            let other = vectors[1] * block.groupCount
            for group in 0..<block.groupCount {
                common[group] = values[start + group].product(values[other + group])
            }
        }
    }

    /// Of a family with itself a row has one cell for each column.
    private mutating func setCells(_ i: Int, _ j: Int, _ block: borrowing DesignBlock) {
        let (first, second) = (families.families[i], families.families[j])
        let codes = block.codes.span
        let (a, b) = (i * block.rowPlaces, j * block.rowPlaces)
        let width = Int32(second.columns.count)
        for row in 0..<block.rowPlaces {
            let (one, other) = (codes[a + row], codes[b + row])
            cells[row] =
                i == j || first.factors.isEmpty
                ? other : second.factors.isEmpty ? one : one < 0 || other < 0 ? -1 : one * width + other
        }
    }

    private mutating func count(_ rowCount: Int, _ place: (Int) -> Int) {
        for row in 0..<rowCount where cells[row] >= 0 { products[place(Int(cells[row]))] += .one }
    }

    private func addCommon(_ cellCount: Int, _ rowCount: Int, _ add: (Int, DoubleDouble) -> Void) {
        let (common, cells) = (common.span, cells.span)
        guard cellCount <= Self.maskedCellsMax else {
            for row in 0..<rowCount where cells[row] >= 0 { add(Int(cells[row]), common[row / 4][row % 4]) }
            return
        }
        for cell in 0..<cellCount {
            var sum = LaneSum()
            for group in common.indices {
                let row = 4 * group
                let codes = SIMD4(cells[row], cells[row + 1], cells[row + 2], cells[row + 3])
                let mask = SIMD4<Double>(codes) .!= Double(cell)
                let value = common[group]
                sum.add(
                    DoubleDoubleLanes(
                        high: value.high.replacing(with: 0, where: mask), low: value.low.replacing(with: 0, where: mask)
                    ))
            }
            add(cell, sum.total)
        }
    }
}
