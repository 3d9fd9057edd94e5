/// Four double-doubles, for four rows at a time. Bounds are those of `DoubleDouble` up to a few u².
struct DoubleDoubleLanes {
    typealias Lanes = SIMD4<Double>

    var high: Lanes
    var low: Lanes

    static let zero = DoubleDoubleLanes(high: .zero, low: .zero)

    @inline(__always)
    init(high: Lanes, low: Lanes) {
        self.high = high
        self.low = low
    }

    @inline(__always)
    init(_ value: DoubleDouble) { self.init(high: Lanes(repeating: value.high), low: Lanes(repeating: value.low)) }

    subscript(lane: Int) -> DoubleDouble { DoubleDouble(high: high[lane], low: low[lane]) }

    /// See `DoubleDouble.sum`.
    @inline(__always)
    static func sum(_ a: Lanes, _ b: Lanes) -> DoubleDoubleLanes {
        let sum = a + b
        let fromB = sum - a
        let fromA = sum - fromB
        return DoubleDoubleLanes(high: sum, low: (a - fromA) + (b - fromB))
    }

    @inline(__always)
    private static func sum(larger: Lanes, smaller: Lanes) -> DoubleDoubleLanes {
        let sum = larger + smaller
        return DoubleDoubleLanes(high: sum, low: smaller - (sum - larger))
    }

    @inline(__always)
    static func + (x: DoubleDoubleLanes, y: DoubleDoubleLanes) -> DoubleDoubleLanes {
        let high = sum(x.high, y.high)
        let low = sum(x.low, y.low)
        let first = sum(larger: high.high, smaller: high.low + low.high)
        return sum(larger: first.high, smaller: low.low + first.low)
    }

    @inline(__always)
    static func - (x: DoubleDoubleLanes, y: DoubleDoubleLanes) -> DoubleDoubleLanes {
        x + DoubleDoubleLanes(high: -y.high, low: -y.low)
    }

    @inline(__always)
    static func * (x: DoubleDoubleLanes, y: DoubleDoubleLanes) -> DoubleDoubleLanes {
        let product = SplitLanes(x).product(SplitLanes(y))
        return sum(larger: product.high, smaller: product.low)
    }
}

/// Double-doubles with their high parts cut into two halves of 26 bits, whose products are exact: what a product takes where
/// the processor may have no fused multiply-add (T. J. Dekker, *A floating-point technique for extending the available
/// precision*, Numerische Mathematik 18, 1971). On x86-64 Swift calls a function for each such instruction, as not every
/// processor has it.
struct SplitLanes {
    typealias Lanes = SIMD4<Double>

    let high: Lanes
    let low: Lanes
    #if !arch(arm64)
        let head: Lanes
        let tail: Lanes
    #endif

    /// - Precondition: the numbers are below 2^996 in size, which scaled columns are.
    @inline(__always)
    init(high: Lanes, low: Lanes) {
        self.high = high
        self.low = low
        #if !arch(arm64)
            let carried = high * 134_217_729
            head = carried - (carried - high)
            tail = high - head
        #endif
    }

    @inline(__always)
    init(_ value: DoubleDoubleLanes) { self.init(high: value.high, low: value.low) }

    /// The product, whose parts may overlap: the rounded product of the high parts, and what it lacks.
    @inline(__always)
    func product(_ other: SplitLanes) -> DoubleDoubleLanes {
        let product = high * other.high
        #if arch(arm64)
            let error = (-product).addingProduct(high, other.high)
        #else
            let error = ((head * other.head - product) + head * other.tail + tail * other.head) + tail * other.tail
        #endif
        let cross = low * other.low + high * other.low + low * other.high
        return DoubleDoubleLanes(high: product, low: error + cross)
    }
}

/// A sum of double-doubles by lanes: a sum of doubles, and beside it the sum of what each addition lost (T. Ogita, S. M. Rump,
/// S. Oishi, *Accurate sum and dot product*, SIAM Journal on Scientific Computing 26, 2005). Its error grows with the square
/// of the number of terms, so that it is for a block of rows.
struct LaneSum {
    private var sum = SIMD4<Double>.zero
    private var lost = SIMD4<Double>.zero

    @inline(__always)
    mutating func add(_ value: DoubleDoubleLanes) {
        let next = DoubleDoubleLanes.sum(sum, value.high)
        sum = next.high
        lost += next.low + value.low
    }

    var total: DoubleDouble {
        (0..<4).reduce(.zero) { total, lane in total + DoubleDouble.sum(sum[lane], lost[lane]) }
    }
}
