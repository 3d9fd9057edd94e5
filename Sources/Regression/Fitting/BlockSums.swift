/// The sums of rows that stand together, block by block: fits on many rows of which they share nearly all, as those before each
/// block of a trial do, add these in place of the rows.
struct BlockSums {
    /// From so many rows on.
    static let rowsMin = 8192
    private static let countMax = 64
    /// Sums take the memory of one row for each column and level: all of them an eighth of what the rows take, at most.
    private static let shareMax = 8

    /// How many rows each is of; the last rows may be in none.
    private let size: Int
    private let sums: [Sums]

    static let none = BlockSums(size: 1, sums: [])

    private init(size: Int, sums: [Sums]) {
        self.size = size
        self.sums = sums
    }

    /// None of few rows, nor where they would take much memory.
    init(of design: QuickDesign) {
        let size = (design.count + Self.countMax - 1) / Self.countMax
        guard design.count >= Self.rowsMin, Self.shareMax * (design.width + design.levelCount) <= size else {
            self = .none
            return
        }
        let places = Array(0..<design.count)
        let sums = (0..<design.count / size).map { number in
            var sums = Sums(design)
            sums.add(places.span.extracting(number * size..<(number + 1) * size), design)
            return sums
        }
        self.init(size: size, sums: sums)
    }

    /// The blocks that lie in a range of rows, and the rows that they hold; nil where there are none.
    func within(_ range: ClosedRange<Int>) -> (rows: Range<Int>, sums: ArraySlice<Sums>)? {
        let first = (range.lowerBound + size - 1) / size
        let end = min(sums.count, (range.upperBound + 1) / size)
        return first < end ? (first * size..<end * size, sums[first..<end]) : nil
    }
}
