/// The normal equations XᵀX β = Xᵀy of a scaled design, formed in double-double.
///
/// Forming XᵀX squares the condition of the design. Double-double has the digits for that: a design of condition 5·10⁹,
/// that of NIST's Filip set once scaled, leaves some 13 right digits of 32. A double has none to spare.
struct NormalEquations {
    let columnCount: Int
    let rowCount: Int
    /// The upper triangle of XᵀX by columns: entry (i, j) with i ≤ j stands at `Triangle.place(i, j)`.
    private(set) var products: [DoubleDouble]
    /// Xᵀy for the shifted response.
    private(set) var moments: [DoubleDouble]

    init(_ design: Design) {
        columnCount = design.layout.columns.count
        rowCount = design.rowCount
        products = Array(repeating: .zero, count: Triangle.count(columnCount))
        moments = Array(repeating: .zero, count: columnCount)
        var row = Array(repeating: DoubleDouble.zero, count: columnCount)
        var (basis, codes) = (design.emptyBasis, design.emptyCodes)
        for index in 0..<design.rowCount {
            design.fill(&row, &basis, &codes, row: index)
            let response = design.shiftedResponse(row: index)
            // Most cells of a factor's columns are 0.
            for j in 0..<columnCount where row[j] != .zero {
                for i in 0...j where row[i] != .zero { products[Triangle.place(i, j)] += row[i] * row[j] }
                moments[j] += row[j] * response
            }
        }
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
