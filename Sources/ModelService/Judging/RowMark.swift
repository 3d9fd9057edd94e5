import Documents

/// What a row of a fit is recognised by, so that a model can be judged on rows that it was not fitted on.
///
/// Rows of the same values share a mark: to a fit they are the same. Rows of different values do so once in 2³² pairs.
typealias RowMark = UInt32

extension TrainingRows.Row {
    /// FNV-1a of 64 bits over the values (G. Fowler, L. C. Noll, K.-P. Vo), folded to 32.
    var mark: RowMark {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ bits: some FixedWidthInteger) {
            for shift in stride(from: 0, to: bits.bitWidth, by: 8) {
                hash = (hash ^ UInt64(truncatingIfNeeded: (bits >> shift) & 0xFF)) &* 0x100_0000_01B3
            }
        }
        for predictor in predictors { add(predictor.bitPattern) }
        add(response.bitPattern)
        for byte in level.utf8 { add(byte) }
        for level in otherLevels {
            // Ends the level before, as no byte of UTF-8 does.
            add(UInt8.max)
            for byte in level.utf8 { add(byte) }
        }
        return RowMark(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}

/// The marks of the rows of a fit.
package struct RowMarks: Sendable, Equatable {
    private let marks: Set<RowMark>

    init(_ rows: [TrainingRows.Row]) { marks = Set(rows.map(\.mark)) }

    func contains(_ mark: RowMark) -> Bool { marks.contains(mark) }

    /// Eight hexadecimal digits each, in order.
    var text: String {
        marks.sorted().map(\.hexText).joined()
    }

    /// Reads `text`; nil where it is none.
    init?(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count.isMultiple(of: 8) else { return nil }
        var marks: Set<RowMark> = []
        for start in stride(from: 0, to: bytes.count, by: 8) {
            let digits = bytes[start..<start + 8]
            guard digits.allSatisfy(\.isHexadecimalDigit),
                let mark = RowMark(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            marks.insert(mark)
        }
        self.marks = marks
    }
}

extension UInt8 {
    fileprivate var isHexadecimalDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}
