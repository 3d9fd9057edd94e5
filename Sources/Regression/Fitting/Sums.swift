/// The sums over rows that the normal equations consist of. A level's indicator has one cell that is not 0 in a row, so
/// that the cost of a row does not grow with the number of levels.
struct Sums {
    let width: Int
    /// Lane groups in a row of the design.
    let groups: Int
    /// Of each numeric column its products with all of a row's cells, the last of which is the response.
    private var products: [SIMD4<Double>]
    /// By level: how many rows, and the sums of all of a row's cells.
    private(set) var counts: [Int]
    private var levelSums: [SIMD4<Double>]

    /// Of rows that stand together as most do, of very many.
    /// - Parameter rows: their places in rising order, each once.
    init(of rows: ArraySlice<Int>, in design: QuickDesign) {
        self.init(design)
        guard let first = rows.first, let last = rows.last, last - first == rows.count - 1,
            let blocks = design.blocks.within(first...last)
        else {
            add(rows.span, design)
            return
        }
        let (before, behind) = (
            rows.prefix(blocks.rows.lowerBound - first), rows.dropFirst(blocks.rows.upperBound - first)
        )
        add(before.span, design)
        for block in blocks.sums { add(block) }
        add(behind.span, design)
    }

    /// Of no rows.
    init(_ design: QuickDesign) {
        width = design.width
        groups = design.stride / 4
        products = [SIMD4<Double>](filledWith: .zero, count: width * groups)
        levelSums = [SIMD4<Double>](filledWith: .zero, count: design.levelCount * groups)
        counts = [Int](filledWith: 0, count: design.levelCount)
    }

    /// Four sums at a time, each over the rows in their order.
    mutating func add(_ rows: Span<Int>, _ design: QuickDesign) {
        Self.add(rows, design, to: &products, byLevel: &levelSums, counting: &counts)
    }

    private mutating func add(_ other: Sums) {
        for place in products.indices { products[place] += other.products[place] }
        for place in levelSums.indices { levelSums[place] += other.levelSums[place] }
        for place in counts.indices { counts[place] += other.counts[place] }
    }

    private static func add(
        _ rows: Span<Int>, _ design: QuickDesign, to products: inout [SIMD4<Double>],
        byLevel levelSums: inout [SIMD4<Double>], counting counts: inout [Int]
    ) {
        var sums = products.mutableSpan
        var levelSums = levelSums.mutableSpan
        var counts = counts.mutableSpan
        let (cells, levels) = (design.cells.span, design.levels.span)
        let (width, groups) = (design.width, design.stride / 4)
        for place in rows.indices {
            let level = levels[rows[place]]
            let start = rows[place] * design.stride
            let cells = cells.extracting(start..<start + design.stride)
            counts[level] += 1
            for group in 0..<groups {
                let lanes = cells.lanes(group)
                levelSums[level * groups + group] += lanes
                for column in 0..<width { sums[column * groups + group] += lanes * cells[column] }
            }
        }
    }

    /// The sum of the products of two columns, of which those past `width` are the levels' indicators.
    func product(_ i: Int, _ j: Int) -> Double {
        switch (i < width, j < width) {
        case (true, true): cell(products, i, j)
        case (true, false): cell(levelSums, j - width, i)
        case (false, true): cell(levelSums, i - width, j)
        case (false, false): i == j ? Double(counts[i - width]) : 0
        }
    }

    /// The sum of the products of a column and the response.
    func moment(_ column: Int) -> Double {
        column < width ? cell(products, column, width) : cell(levelSums, column - width, width)
    }

    @inline(__always)
    private func cell(_ sums: [SIMD4<Double>], _ place: Int, _ column: Int) -> Double {
        sums[place * groups + column / 4][column % 4]
    }
}

extension Array {
    /// As `init(repeating:count:)`, which takes twice as long to make room for a few: it asks for the type each time.
    @inline(__always)
    init(filledWith element: Element, count: Int) {
        self = []
        append(addingCapacity: count) { $0.append(repeating: element, count: count) }
    }
}

extension Span<Double> {
    /// The numbers of a group of four.
    @inline(__always)
    func lanes(_ group: Int) -> SIMD4<Double> {
        precondition(4 * group + 4 <= count, "a group of four numbers")
        return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 32 * group, as: SIMD4<Double>.self)
    }
}
