/// Some rows of a scaled design at once, as its families have them: four rows to a lane group, so that sums over them are
/// formed four at a time.
struct DesignBlock {
    /// Of a design with fewer rows the one block is as short as they are.
    static let rowsMax = 512

    /// Groups of four rows.
    let groupCount: Int

    private(set) var rowCount = 0
    /// The values of each of the families' vectors, then the shifted response, then whatever a pass keeps here; rows beyond
    /// `rowCount` are 0. Each takes `groupCount` places.
    private(set) var values: [SplitLanes]
    /// For each family with factors which of its columns a row has, -1 where none. Each takes `rowPlaces`.
    private(set) var codes: [Int32]
    let responsePlace: Int
    let resultPlace: Int

    /// - Parameter rowCount: of the design.
    init(_ families: DesignFamilies, rowCount: Int) {
        groupCount = Self.groupCount(ofRows: rowCount)
        responsePlace = families.vectors.count
        resultPlace = responsePlace + 1
        let none = SplitLanes(.zero)
        values = Array(repeating: none, count: (resultPlace + 1) * groupCount)
        codes = Array(repeating: -1, count: families.families.count * 4 * groupCount)
    }

    /// Of a block of a design with so many rows.
    static func groupCount(ofRows rowCount: Int) -> Int { (min(rowCount, rowsMax) + 3) / 4 }

    var rowPlaces: Int { 4 * groupCount }

    /// Forms the rows from `start` on, `rowsMax` of them or those that are left.
    mutating func fill(_ design: Design, from start: Int) {
        rowCount = min(Self.rowsMax, design.rowCount - start)
        for (place, basis) in design.families.vectors.enumerated() { fill(place, basis, design, from: start) }
        let response = design.response
        let shift = SIMD4(repeating: -design.responseShift)
        for group in 0..<groupCount {
            let row = start + 4 * group
            let value = Self.lanes(response.values, row) * response.factor
            let difference = masked(DoubleDoubleLanes.sum(value, shift), group)
            values[responsePlace * groupCount + group] = SplitLanes(difference)
        }
        for place in design.families.families.indices { fillCodes(of: place, design, from: start) }
    }

    private mutating func fill(_ place: Int, _ basis: [Int], _ design: Design, from start: Int) {
        for group in 0..<groupCount {
            let row = start + 4 * group
            var product = design.basisLanes(basis[0], row)
            for other in basis.dropFirst() { product = product * design.basisLanes(other, row) }
            values[place * groupCount + group] = SplitLanes(product)
        }
    }

    private mutating func fillCodes(of place: Int, _ design: Design, from start: Int) {
        let family = design.families.families[place]
        guard let first = family.factors.first else { return }
        let base = place * rowPlaces
        if family.factors.count == 1 {
            let codes = design.codes[first]
            for row in 0..<rowCount { self.codes[base + row] = family.places[Int(codes[start + row])] }
        } else {
            for row in 0..<rowCount {
                var (code, radix) = (0, 1)
                for factor in family.factors {
                    code += Int(design.codes[factor][start + row]) * radix
                    radix *= design.families.levelCounts[factor]
                }
                codes[base + row] = family.places[code]
            }
        }
        for row in rowCount..<rowPlaces { codes[base + row] = -1 }
    }

    /// Keeps what a pass worked out of a group of rows, for sums with the families.
    @inline(__always)
    mutating func setResult(_ value: DoubleDoubleLanes, _ group: Int) {
        values[resultPlace * groupCount + group] = SplitLanes(value)
    }

    /// With 0 in the rows beyond `rowCount`.
    @inline(__always)
    func masked(_ value: DoubleDoubleLanes, _ group: Int) -> DoubleDoubleLanes {
        // Most groups are of rows throughout.
        guard 4 * group + 4 > rowCount else { return value }
        var value = value
        for lane in 0..<4 where 4 * group + lane >= rowCount {
            value.high[lane] = 0
            value.low[lane] = 0
        }
        return value
    }

    /// Four values from a row on; 0 beyond the end.
    @inline(__always)
    static func lanes(_ values: [Double], _ row: Int) -> SIMD4<Double> {
        if row + 4 <= values.count { return SIMD4(values[row], values[row + 1], values[row + 2], values[row + 3]) }
        var lanes = SIMD4<Double>.zero
        for lane in 0..<4 where row + lane < values.count { lanes[lane] = values[row + lane] }
        return lanes
    }
}

extension Design {
    /// A basis function of four rows; 0 beyond the last row.
    @inline(__always)
    fileprivate func basisLanes(_ place: Int, _ row: Int) -> DoubleDoubleLanes {
        switch basis[place].values {
        case .workedOut(let high, let low):
            return DoubleDoubleLanes(high: DesignBlock.lanes(high, row), low: DesignBlock.lanes(low, row))
        case .power(let number, let exponent):
            let value = DesignBlock.lanes(numbers[number].values, row) * numbers[number].factor
            guard exponent > 1 else { return DoubleDoubleLanes(high: value, low: .zero) }
            let base = DoubleDoubleLanes(high: value, low: .zero)
            var power = base * base
            for _ in 2..<exponent { power = power * base }
            return power
        }
    }
}
