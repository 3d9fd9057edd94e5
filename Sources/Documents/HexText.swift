extension Double {
    /// The text of C's `%a`, such as `-0x1.36fbb1d2c7a5p-2`: every bit of the value, and read back by C, R, Python and Java.
    package var hexText: String {
        guard isFinite else { return description }
        let sign = self.sign == .minus ? "-" : ""
        // Of a value below the normal range C writes the digit before the point as 0 and the least exponent.
        let isNormal = isNormal
        var digits = String(significandBitPattern, radix: 16)
        digits = String(repeating: "0", count: 13 - digits.count) + digits
        while digits.last == "0" { digits.removeLast() }
        let exponent = isNormal ? Int(self.exponent) : self == 0 ? 0 : Int(Self.leastNormalMagnitude.exponent)
        let fraction = digits.isEmpty ? "" : ".\(digits)"
        return "\(sign)0x\(isNormal ? 1 : 0)\(fraction)p\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
    }
}
