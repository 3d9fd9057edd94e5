import Documents

extension Double {
    /// ksqlDB's `ROUND(x, places)`: Java's `BigDecimal.valueOf(x).setScale(places)`, which rounds the shortest decimal
    /// text of the number and not its binary value, so that 0.1445 becomes 0.145. A tie goes toward positive infinity.
    ///
    /// Source: `Round.java` of ksqlDB 0.17 (HALF_UP above zero, HALF_DOWN otherwise).
    /// - Returns: nil where the number is not finite; Java throws there, and ksqlDB turns that into null.
    package func rounded(toPlaces places: Int) -> Double? {
        if let (units, power) = units(ofPlaces: places) {
            let size = Double(units) / Double(power)
            return self < 0 && units != 0 ? -size : size
        }
        guard isFinite else { return nil }
        let decimal = Decimal(magnitude)
        let kept = decimal.pointPosition + places
        // Decimals have no negative zero.
        guard self != 0, kept >= 0 else { return 0 }
        guard kept < decimal.digits.count else { return self }
        let isUp = decimal.compareToHalf(from: kept).map { $0 > 0 || $0 == 0 && self > 0 } ?? false
        guard let magnitude = Double("\(decimal.leading(kept, roundedUp: isUp))e\(-places)"), magnitude > 0 else {
            return 0
        }
        return self < 0 ? -magnitude : magnitude
    }

    /// How many units of the last place the rounded size is of, and how many of them are 1. Worked out without a text: the
    /// rounding error of a product this small decides nothing but near a half, and there the digits decide.
    ///
    /// - Returns: nil of what is large, or no number.
    package func units(ofPlaces places: Int) -> (units: Int, power: Int)? {
        guard (1...9).contains(places) else { return nil }
        var power = 1
        for _ in 0..<places { power *= 10 }
        let product = magnitude * Double(power)
        // There the error is below 1e-6.
        guard product < 1e9 else { return nil }
        let units = product.rounded(.down)
        guard abs(product - units - 0.5) > 1e-5 else { return self.units(byDigits: places).map { ($0, power) } }
        return (Int(product.rounded()), power)
    }

    private func units(byDigits places: Int) -> Int? {
        guard let (digits, digitPlaces) = shortestDecimal, (1...19).contains(digitPlaces - places) else { return nil }
        var unit: UInt64 = 1
        for _ in places..<digitPlaces { unit *= 10 }
        let (whole, rest) = digits.quotientAndRemainder(dividingBy: unit)
        let isUp = self > 0 ? rest >= unit - rest : rest > unit - rest
        return Int(whole) + (isUp ? 1 : 0)
    }
}

/// The digits of a finite number's shortest text, without the point: `0.0125` has the digits 0, 0, 1, 2, 5 and its point
/// after the first of them.
private struct Decimal {
    let digits: [UInt8]
    /// How many digits stand before the point; below zero for `1.5e-07`.
    let pointPosition: Int

    init(_ magnitude: Double) {
        let parts = magnitude.description.utf8.split(separator: UInt8(ascii: "e"))
        let mantissa = parts[0].split(separator: UInt8(ascii: "."))
        digits = mantissa.joined().map { $0 - UInt8(ascii: "0") }
        let exponent = parts.count > 1 ? Int(Substring(parts[1])) ?? 0 : 0
        pointPosition = mantissa[0].count + exponent
    }

    /// Whether what follows the kept digits is below (-1), at (0) or above (1) half a unit of the last of them; nil
    /// where nothing follows.
    func compareToHalf(from kept: Int) -> Int? {
        let rest = digits[kept...]
        guard let first = rest.first else { return nil }
        if first != 5 { return first > 5 ? 1 : -1 }
        return rest.dropFirst().contains { $0 != 0 } ? 1 : 0
    }

    /// The first digits as a whole number, one more in the last place where rounded up.
    func leading(_ kept: Int, roundedUp: Bool) -> String {
        var kept = digits[..<kept]
        var carry = roundedUp
        for index in kept.indices.reversed() where carry {
            carry = kept[index] == 9
            kept[index] = carry ? 0 : kept[index] + 1
        }
        let text = kept.map(String.init).joined()
        return carry ? "1" + text : text.isEmpty ? "0" : text
    }
}
