import Documents
import Regression
import Specification

/// What a row of a fit is recognised by, so that a model can be judged on rows that it was not fitted on.
///
/// Rows of the same values share a mark: to a fit they are the same. Rows of different values do so once in 2³² pairs.
typealias RowMark = UInt32

/// FNV-1a of 64 bits over the values of a row (G. Fowler, L. C. Noll, K.-P. Vo), folded to 32.
private struct RowHash {
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    private mutating func add(byte: UInt64) { hash = (hash ^ byte) &* 0x100_0000_01B3 }

    @inline(__always)
    mutating func add(_ number: Double) {
        var bits = number.bitPattern
        for _ in 0..<8 {
            add(byte: bits & 0xFF)
            bits >>= 8
        }
    }

    /// - Parameter isFirst: of the levels; a byte that UTF-8 does not have ends the level before.
    mutating func add(_ level: some Sequence<UInt8>, isFirst: Bool) {
        if !isFirst { add(byte: 0xFF) }
        for byte in level { add(byte: UInt64(byte)) }
    }

    var mark: RowMark { RowMark(truncatingIfNeeded: hash ^ (hash >> 32)) }
}

extension RowMark {
    /// - Parameter level: of the grouping factor; empty where there is none.
    static func of(
        _ predictors: [Double], _ response: Double, level: String, otherLevels: ArraySlice<String>
    ) -> RowMark {
        var hash = RowHash()
        for predictor in predictors { hash.add(predictor) }
        hash.add(response)
        hash.add(level.utf8, isFirst: true)
        for level in otherLevels { hash.add(level.utf8, isFirst: false) }
        return hash.mark
    }
}

extension TrainingRows.Row {
    var mark: RowMark { .of(predictors, response, level: level, otherLevels: otherLevels[...]) }
}

extension TrainingRows {
    /// Of each row: what `RowMark.of` is of it.
    fileprivate var marks: [RowMark] {
        let numbers = (specification.predictors.map(\.name) + [specification.response.name]).map { table.numbers[$0]! }
        let isGrouped = specification.factor != nil
        let levels = specification.factors.map { table.levels[$0.name]! }
        let texts = levels.map { $0.names.map { Array($0.utf8) } }
        return (0..<count).map { row in
            var hash = RowHash()
            for column in numbers { hash.add(column[row]) }
            for place in levels.indices {
                hash.add(texts[place][Int(levels[place].codes[row])], isFirst: isGrouped && place == 0)
            }
            return hash.mark
        }
    }
}

/// The marks of the rows of a fit.
struct RowMarks: Sendable, Equatable {
    /// In rising order, each once.
    private let marks: [RowMark]

    /// Those of no rows.
    static let none = RowMarks([])

    init(_ rows: TrainingRows) { self.init(rows.marks) }

    private init(_ marks: [RowMark]) {
        // As they are written they are in order.
        var sorted = marks.isRising ? marks : marks.sortedByDigits
        var count = 0
        for mark in sorted where count == 0 || sorted[count - 1] != mark {
            sorted[count] = mark
            count += 1
        }
        sorted.removeLast(sorted.count - count)
        self.marks = sorted
    }

    func contains(_ mark: RowMark) -> Bool { marks.sortedContains(mark) }

    /// Eight hexadecimal digits each, in order.
    var text: String {
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 * marks.count)
        for mark in marks {
            for shift in stride(from: 28, through: 0, by: -4) { bytes.append(digits[Int(mark >> shift & 0xF)]) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads `text`; nil where it is none.
    init?(text: String) {
        let bytes = text.utf8.span
        guard bytes.count.isMultiple(of: 8) else { return nil }
        let values = Self.digitValues
        var marks: [RowMark] = []
        marks.reserveCapacity(bytes.count / 8)
        var (mark, all): (RowMark, RowMark) = (0, 0)
        for place in bytes.indices {
            let value = values[Int(bytes[place])]
            mark = mark << 4 | value
            all |= value
            if place % 8 == 7 { marks.append(mark) }
        }
        guard all < Self.noDigit else { return nil }
        self.init(marks)
    }

    private static let noDigit: RowMark = 16

    /// Of each byte: looked up, as a document has a million of them.
    private static let digitValues = (0...UInt8.max).map { $0.hexadecimalDigit.map { RowMark($0) } ?? noDigit }
}

extension [RowMark] {
    fileprivate var isRising: Bool { zip(self, dropFirst()).allSatisfy { $0 <= $1 } }

    /// In rising order, byte by byte from the lowest: the time that it takes grows with their number alone.
    fileprivate var sortedByDigits: [RowMark] {
        var (marks, sorted) = (self, self)
        for shift in stride(from: 0, to: 32, by: 8) {
            var ends = [Int](repeating: 0, count: 257)
            for mark in marks { ends[Int(mark >> shift & 0xFF) + 1] += 1 }
            for digit in 0..<256 { ends[digit + 1] += ends[digit] }
            for mark in marks {
                let digit = Int(mark >> shift & 0xFF)
                sorted[ends[digit]] = mark
                ends[digit] += 1
            }
            swap(&marks, &sorted)
        }
        return marks
    }
}

extension UInt8 {
    /// Of `0` to `9` and `a` to `f`.
    fileprivate var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
