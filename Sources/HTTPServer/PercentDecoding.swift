/// Strict percent-decoding (RFC 3986, 2.1) to text: what does not decode to UTF-8 without a NUL is an error, never
/// a guess.
enum PercentDecoding {
    /// What is wrong, as the end of a sentence that begins with the name of the part.
    struct Fault: Error, Equatable {
        let reason: String
    }

    /// Decodes a path, or a name or value of a query.
    /// - Parameter plusIsSpace: as in the query of a form (WHATWG URL, 5.1), not in a path.
    static func decode(_ text: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool) throws(Fault) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = unsafe text[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < text.count, let high = unsafe hexadecimal(text[index + 1]),
                    let low = unsafe hexadecimal(text[index + 2])
                else { throw Fault(reason: "holds a % without the two hexadecimal digits that must follow it") }
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(byte == UInt8(ascii: "+") && plusIsSpace ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        guard !decoded.contains(0) else { throw Fault(reason: "holds %00: a NUL is not accepted") }
        guard let string = String(validating: decoded, as: UTF8.self) else {
            throw Fault(reason: "is not UTF-8 once decoded")
        }
        return string
    }

    /// The value of a hexadecimal digit.
    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
