/// The fitted values of a block of rows.
struct FittedBlock {
    fileprivate struct Part {
        let vector: Int?
        let family: Int
        let hasFactors: Bool
        /// One for each of the family's columns; 0 where it is aliased.
        let estimates: [DoubleDouble]
    }

    private let parts: [Part]

    /// - Parameter estimates: one for each of the kept columns.
    init(_ families: DesignFamilies, kept: [Int], estimates: [DoubleDouble]) {
        let known = Dictionary(uniqueKeysWithValues: zip(kept, estimates))
        parts = families.families.enumerated().map { place, family in
            Part(
                vector: family.vector, family: place, hasFactors: !family.factors.isEmpty,
                estimates: family.columns.map { known[$0] ?? .zero })
        }
    }

    /// Those of four rows; rows beyond the end have values that mean nothing.
    @inline(__always)
    func value(_ block: borrowing DesignBlock, _ group: Int) -> DoubleDoubleLanes {
        var sum = DoubleDoubleLanes.zero
        for part in parts {
            let factor = part.hasFactors ? part.lanes(block, group) : DoubleDoubleLanes(part.estimates[0])
            if let vector = part.vector {
                let product = block.values[vector * DesignBlock.groupCount + group].product(SplitLanes(factor))
                sum = sum + DoubleDoubleLanes.sum(product.high, product.low)
            } else {
                sum = sum + factor
            }
        }
        return sum
    }

    /// The sums of squares of the residuals and of the fitted values about a mean.
    func squares(
        _ block: borrowing DesignBlock, mean: DoubleDouble
    ) -> (residual: DoubleDouble, explained: DoubleDouble) {
        var (residualSum, explainedSum) = (LaneSum(), LaneSum())
        let mean = DoubleDoubleLanes(mean)
        for group in 0..<(block.rowCount + 3) / 4 {
            let fitted = value(block, group)
            let residual = SplitLanes(block.masked(block.response(group) - fitted, group))
            let explained = SplitLanes(block.masked(fitted - mean, group))
            residualSum.add(residual.product(residual))
            explainedSum.add(explained.product(explained))
        }
        return (residualSum.total, explainedSum.total)
    }
}

extension FittedBlock.Part {
    @inline(__always)
    fileprivate func lanes(_ block: borrowing DesignBlock, _ group: Int) -> DoubleDoubleLanes {
        var lanes = DoubleDoubleLanes.zero
        for lane in 0..<4 {
            let code = block.codes[family * DesignBlock.rowsMax + 4 * group + lane]
            guard code >= 0 else { continue }
            lanes.high[lane] = estimates[Int(code)].high
            lanes.low[lane] = estimates[Int(code)].low
        }
        return lanes
    }
}

extension DesignBlock {
    @inline(__always)
    func response(_ group: Int) -> DoubleDoubleLanes {
        let value = values[responsePlace * Self.groupCount + group]
        return DoubleDoubleLanes(high: value.high, low: value.low)
    }
}
