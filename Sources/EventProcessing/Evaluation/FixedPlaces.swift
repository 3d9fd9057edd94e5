import Documents

extension [UInt8] {
    /// With so many places after the point, one or more; as it is where it is too large to be read so.
    package mutating func append(fixed number: Double, places: Int) {
        if let (units, power) = number.units(ofPlaces: places) {
            if number < 0 && units != 0 { append(UInt8(ascii: "-")) }
            append(whole: units / power)
            append(UInt8(ascii: "."))
            append(digits: units % power, width: places)
            return
        }
        let text = (number.rounded(toPlaces: places) ?? number).description
        append(text)
        guard number.isFinite, !text.contains("e"), let point = text.firstIndex(of: ".") else { return }
        append(
            contentsOf: repeatElement(UInt8(ascii: "0"), count: Swift.max(0, places - text[point...].dropFirst().count))
        )
    }
}

extension Double {
    /// As it is appended to bytes.
    package func fixed(_ places: Int) -> String {
        var text: [UInt8] = []
        text.append(fixed: self, places: places)
        return String(decoding: text, as: UTF8.self)
    }
}
