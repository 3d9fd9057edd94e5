import Documents
import Regression
package import Specification

extension ObservedColumns {
    /// Columns to which rows are added one by one. Whoever adds a row by its values adds one to each column.
    package struct Builder {
        private var times: [Int64] = []
        private var predictors: [[Double]]
        private var responses: [Double] = []
        private var factors: [LevelBuilder]
        private let isGrouped: Bool
        private var identities = TextColumn()

        package init(_ specification: ModelSpecification) {
            predictors = specification.predictors.map { _ in [] }
            factors = specification.factors.map { _ in LevelBuilder() }
            isGrouped = specification.factor != nil
        }

        /// - Parameter count: of the rows that are expected.
        package mutating func reserveCapacity(_ count: Int) {
            times.reserveCapacity(count)
            for place in predictors.indices { predictors[place].reserveCapacity(count) }
            responses.reserveCapacity(count)
            for place in factors.indices { factors[place].codes.reserveCapacity(count) }
            // A time and a short identifier.
            identities.reserveCapacity(count, bytesOfText: 40)
        }

        package mutating func append(time: Int64) { times.append(time) }

        package mutating func append(_ value: Double, toPredictor place: Int) { predictors[place].append(value) }

        package mutating func append(response: Double) { responses.append(response) }

        /// - Parameter place: among the specification's factors.
        package mutating func append(level: Span<UInt8>, toFactor place: Int) { factors[place].append(level) }

        package mutating func appendNoLevel(toFactor place: Int) { factors[place].codes.append(-1) }

        package mutating func append(identity: Span<UInt8>) { identities.append(identity) }

        package mutating func append(identity: String) { identities.append(identity) }

        /// Adds the values of a row to all columns but that of the identities.
        package mutating func appendValues(of row: Observation) {
            append(time: row.timestamp?.milliseconds ?? ObservedColumns.noTime)
            for place in predictors.indices {
                append(place < row.predictors.count ? row.predictors[place] ?? .nan : .nan, toPredictor: place)
            }
            append(response: row.actual ?? .nan)
            if isGrouped { append(level: row.level, toFactor: 0) }
            let first = isGrouped ? 1 : 0
            for place in first..<max(first, factors.count) {
                let other = place - first
                append(level: other < row.otherLevels.count ? row.otherLevels[other] : nil, toFactor: place)
            }
        }

        package mutating func append(_ row: Observation) {
            appendValues(of: row)
            append(identity: row.identity)
        }

        /// Puts the rows in the order of their times, those without one first, and rows of one time in that of the bytes of
        /// their identities.
        package mutating func sort() {
            let (times, identities) = (times, identities)
            func precedes(_ row: Int, _ other: Int) -> Bool {
                times[row] == times[other] ? identities.precedes(row, other) : times[row] < times[other]
            }
            guard times.indices.dropFirst().contains(where: { precedes($0, $0 - 1) }) else { return }
            let order = times.indices.sorted(by: precedes)
            self.times = order.map { times[$0] }
            predictors = predictors.map { column in order.map { column[$0] } }
            responses = order.map { [responses] in responses[$0] }
            for place in factors.indices {
                factors[place].codes = order.map { [codes = factors[place].codes] in codes[$0] }
            }
            self.identities = identities.taking(order)
        }

        /// Leaves out all but the last rows.
        package mutating func keepLast(_ count: Int) {
            let excess = times.count - count
            guard excess > 0 else { return }
            times.removeFirst(excess)
            for place in predictors.indices { predictors[place].removeFirst(excess) }
            responses.removeFirst(excess)
            for place in factors.indices { factors[place].codes.removeFirst(excess) }
            identities.removeFirst(excess)
        }

        private mutating func append(level: String?, toFactor place: Int) {
            guard var level else { return appendNoLevel(toFactor: place) }
            level.withUTF8 { unsafe append(level: $0.span, toFactor: place) }
        }

        package consuming func columns() -> ObservedColumns {
            ObservedColumns(
                times: times, predictors: predictors, factors: factors.map(\.column), isGrouped: isGrouped,
                responses: responses, identities: identities)
        }
    }

    package init(oldestFirst rows: some Collection<Observation>, _ specification: ModelSpecification) {
        var builder = Builder(specification)
        builder.reserveCapacity(rows.count)
        for row in rows { builder.append(row) }
        self = builder.columns()
    }
}

/// A column of levels that grows, each name made once.
private struct LevelBuilder {
    private var table = TextTable(countMax: .max)
    private var names: [String] = []
    var codes: [Int32] = []

    mutating func append(_ level: Span<UInt8>) {
        // There is always room for one more.
        guard let number = table.number(of: level) else { return codes.append(-1) }
        if number == names.count {
            names.append(unsafe level.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) })
        }
        codes.append(Int32(number))
    }

    var column: FactorColumn { FactorColumn(names: names, codes: codes) }
}
