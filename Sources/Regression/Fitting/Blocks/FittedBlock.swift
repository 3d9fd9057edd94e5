/// The fitted values of a block of rows.
struct FittedBlock {
    private struct Part {
        let vector: Int?
        let family: Int
        let hasFactors: Bool
        /// Behind a zero for rows that have none of the family's columns, one for each of these; 0 where it is aliased.
        let estimates: [DoubleDouble]
    }

    private let parts: [Part]
    /// Those of the block that was formed last; rows beyond its end have values that mean nothing.
    private(set) var values: [DoubleDoubleLanes]

    /// - Parameters:
    ///   - rowCount: of the design.
    ///   - estimates: one for each of the kept columns.
    init(_ families: DesignFamilies, rowCount: Int, kept: [Int], estimates: [DoubleDouble]) {
        values = Array(repeating: .zero, count: DesignBlock.groupCount(ofRows: rowCount))
        let known = Dictionary(uniqueKeysWithValues: zip(kept, estimates))
        parts = families.families.enumerated().map { place, family in
            Part(
                vector: family.vector, family: place, hasFactors: !family.factors.isEmpty,
                estimates: [.zero] + family.columns.map { known[$0] ?? .zero })
        }
    }

    /// Forms `values`, one part after the other.
    mutating func form(_ block: borrowing DesignBlock) {
        let parts = parts
        var sums = values.mutableSpan
        let (vectors, codes) = (block.values.span, block.codes.span)
        for place in parts.indices {
            let part = parts[place]
            let estimates = part.estimates.span
            let constant = SplitLanes(DoubleDoubleLanes(estimates[1]))
            for group in 0..<(block.rowCount + 3) / 4 {
                let factor =
                    part.hasFactors
                    ? Self.lanes(estimates, codes, part.family * block.rowPlaces + 4 * group) : constant
                var value = DoubleDoubleLanes(high: factor.high, low: factor.low)
                if let vector = part.vector {
                    let product = vectors[vector * block.groupCount + group].product(factor)
                    value = DoubleDoubleLanes.sum(product.high, product.low)
                }
                sums[group] = place == 0 ? value : sums[group] + value
            }
        }
    }

    /// The estimates of four rows.
    @inline(__always)
    private static func lanes(_ estimates: Span<DoubleDouble>, _ codes: Span<Int32>, _ row: Int) -> SplitLanes {
        var (high, low) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        for lane in 0..<4 {
            let estimate = estimates[Int(codes[row + lane]) + 1]
            high[lane] = estimate.high
            low[lane] = estimate.low
        }
        return SplitLanes(high: high, low: low)
    }

    /// The sums of squares of the residuals and of the fitted values about a mean, of the block that was formed.
    func squares(
        _ block: borrowing DesignBlock, mean: DoubleDouble
    ) -> (residual: DoubleDouble, explained: DoubleDouble) {
        var (residualSum, explainedSum) = (LaneSum(), LaneSum())
        let mean = DoubleDoubleLanes(mean)
        for group in 0..<(block.rowCount + 3) / 4 {
            let residual = SplitLanes(block.masked(block.response(group) - values[group], group))
            let explained = SplitLanes(block.masked(values[group] - mean, group))
            residualSum.add(residual.product(residual))
            explainedSum.add(explained.product(explained))
        }
        return (residualSum.total, explainedSum.total)
    }
}

extension DesignBlock {
    @inline(__always)
    func response(_ group: Int) -> DoubleDoubleLanes {
        let value = values[responsePlace * groupCount + group]
        return DoubleDoubleLanes(high: value.high, low: value.low)
    }
}
