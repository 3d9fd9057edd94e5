extension [UInt8] {
    /// Appends a number as `JSON.bytes` writes it: null of what is no number.
    package mutating func append(jsonNumber value: Double) {
        guard value.isFinite else { return append(contentsOf: "null".utf8) }
        var text = value.javaText
        text.withUTF8 { unsafe append(contentsOf: $0) }
    }
}
