extension UInt32 {
    /// Eight hexadecimal digits.
    var hexText: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
