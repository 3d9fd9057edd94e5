/// The normal equations XᵀX β = Xᵀy of a scaled design, formed in double-double.
///
/// Forming XᵀX squares the condition of the design. Double-double has the digits for that: a design of condition 5·10⁹,
/// that of NIST's Filip set once scaled, leaves some 13 right digits of 32. A double has none to spare.
struct NormalEquations {
    let columnCount: Int
    let rowCount: Int
    /// The upper triangle of XᵀX by columns: entry (i, j) with i ≤ j stands at `Triangle.place(i, j)`.
    let products: [DoubleDouble]
    /// Xᵀy for the shifted response.
    let moments: [DoubleDouble]

    init(_ design: Design) {
        columnCount = design.layout.columns.count
        rowCount = design.rowCount
        var sums = CrossProducts(design.families, columnCount: columnCount, rowCount: rowCount)
        var moments = Array(repeating: DoubleDouble.zero, count: columnCount)
        design.forEachBlock { block in
            sums.addProducts(block)
            sums.addMoments(with: block.responsePlace, block, to: &moments)
        }
        products = sums.products
        self.moments = moments
    }

    private init(columnCount: Int, rowCount: Int, products: [DoubleDouble], moments: [DoubleDouble]) {
        self.columnCount = columnCount
        self.rowCount = rowCount
        self.products = products
        self.moments = moments
    }

    /// Those of a design on the same rows and with the same response, all of whose columns are among those of the design that
    /// these are of: a column's name tells its values. Nil where it has others.
    func part(_ smaller: Design, of design: Design) -> NormalEquations? {
        let places = Dictionary(uniqueKeysWithValues: zip(design.layout.names, design.layout.names.indices))
        let columns = smaller.layout.names.compactMap { places[$0] }
        guard columns.count == smaller.layout.names.count else { return nil }
        var products: [DoubleDouble] = []
        for (j, column) in columns.enumerated() {
            for row in columns[...j] {
                products.append(self.products[Triangle.place(min(row, column), max(row, column))])
            }
        }
        return NormalEquations(
            columnCount: columns.count, rowCount: rowCount, products: products, moments: columns.map { moments[$0] })
    }
}

/// An upper triangle stored by columns without the zeros.
enum Triangle {
    /// How many entries a triangle of so many columns has.
    static func count(_ columns: Int) -> Int { columns * (columns + 1) / 2 }

    /// Where the entry in row i and column j ≥ i stands.
    @inline(__always)
    static func place(_ i: Int, _ j: Int) -> Int { count(j) + i }
}
