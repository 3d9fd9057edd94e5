/// A point in time, in whole milliseconds since 1970-01-01T00:00:00Z: Kafka's resolution, and that of the documents.
///
/// It lies in the years 0 to 9999. Records and requests may name any number, and beyond these years the sums of times and
/// spans might not fit, nor would their texts have one width.
package struct Timestamp: Sendable, Hashable, Comparable {
    package let milliseconds: Int64

    private static let range: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// What lies beyond the range becomes the nearest time in it.
    package init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
    }

    /// Nil for what lies beyond the range.
    package init?(exactly milliseconds: Int64) {
        guard Self.range.contains(milliseconds) else { return nil }
        self.milliseconds = milliseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    package func advanced(byMilliseconds delta: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds + delta)
    }
}

// MARK: - Text

extension Timestamp: CustomStringConvertible {
    /// `2021-06-09T13:39:27.971Z`: always UTC and, for years of four digits, always 24 characters, so that the order of
    /// the texts is the order of the times.
    package var description: String {
        let text = text
        // Nothing but ASCII.
        return text.span.text ?? ""
    }

    /// The bytes of `description`.
    package var text: InlineArray<24, UInt8> {
        let seconds = secondsFloored
        let days = Self.floorDivide(seconds, 86_400)
        let (year, month, day) = Self.civil(fromDays: days)
        let second = Int(seconds - days * 86_400)
        var text: InlineArray<24, UInt8> = [
            0, 0, 0, 0, 0x2D, 0, 0, 0x2D, 0, 0, 0x54, 0, 0, 0x3A, 0, 0, 0x3A, 0, 0, 0x2E, 0, 0, 0, 0x5A,
        ]
        func write(_ value: Int, at place: Int) {
            text[place] = UInt8(truncatingIfNeeded: 0x30 + value / 10)
            text[place + 1] = UInt8(truncatingIfNeeded: 0x30 + value % 10)
        }
        let (years, millisecond) = (Int(year), Int(milliseconds - seconds * 1000))
        write(years / 100, at: 0)
        write(years % 100, at: 2)
        write(month, at: 5)
        write(day, at: 8)
        write(second / 3600, at: 11)
        write(second / 60 % 60, at: 14)
        write(second % 60, at: 17)
        text[20] = UInt8(truncatingIfNeeded: 0x30 + millisecond / 100)
        write(millisecond % 100, at: 21)
        return text
    }

    /// `2021-06-02 07:48:52`: how a model's time stands in answers and observations. UTC, whole seconds.
    package var modelTimeText: String {
        let (date, time) = civil
        return "\(date) \(time)"
    }

    /// `20210602T074852137Z`: for names of files and versions.
    package var compactText: String {
        String(description.filter { $0 != "-" && $0 != ":" && $0 != "." })
    }

    /// Reads ISO 8601 as machines write it: a date, `T` or a space, a time with or without seconds and a fraction of
    /// any length (cut to milliseconds), then `Z`, an offset such as `+02:00`, or nothing, which is read as UTC.
    package init?(_ text: String) { self.init(text.utf8.span) }

    /// The same of its bytes.
    package init?(_ text: Span<UInt8>) {
        var scanner = DateScanner()
        guard let milliseconds = scanner.milliseconds(text) else { return nil }
        self.init(exactly: milliseconds)
    }

    private var secondsFloored: Int64 { Self.floorDivide(milliseconds, 1000) }

    private var civil: (date: String, time: String) {
        let days = Self.floorDivide(secondsFloored, 86_400)
        let second = Int(secondsFloored - days * 86_400)
        let (year, month, day) = Self.civil(fromDays: days)
        return (
            "\(padded(Int(year), 4))-\(padded(month, 2))-\(padded(day, 2))",
            "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        )
    }

    private func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

// MARK: - Calendar

extension Timestamp {
    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    /// The proleptic Gregorian date of a day counted from 1970-01-01.
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    static func civil(fromDays days: Int64) -> (year: Int64, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), Int(month), Int(day))
    }

    /// - Parameter month: from 1 to 12.
    static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The inverse of `civil(fromDays:)`; same source, `days_from_civil`.
    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

/// Reads one date and time from left to right.
private struct DateScanner {
    private var at = 0

    mutating func milliseconds(_ text: Span<UInt8>) -> Int64? {
        guard let year = number(4, text), take("-", text), let month = number(2, text), take("-", text),
            let day = number(2, text), take("T", text) || take("t", text) || take(" ", text),
            let hour = number(2, text), take(":", text), let minute = number(2, text)
        else { return nil }
        var second: Int64 = 0
        var fraction: Int64 = 0
        if take(":", text) {
            guard let given = number(2, text) else { return nil }
            second = given
            if take(".", text) || take(",", text) {
                guard let given = millisecondsOfFraction(text) else { return nil }
                fraction = given
            }
        }
        guard let offset = offsetInMinutes(text), at == text.count, (1...12).contains(month), day >= 1,
            day <= Timestamp.days(inMonth: month, of: year), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = Timestamp.days(year: year, month: month, day: day)
        return ((days * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000 + fraction
    }

    private mutating func millisecondsOfFraction(_ text: Span<UInt8>) -> Int64? {
        var value: Int64 = 0
        var count = 0
        while let digit = digit(text) {
            if count < 3 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 3)..<3 { value *= 10 }
        return value
    }

    private mutating func offsetInMinutes(_ text: Span<UInt8>) -> Int64? {
        if at == text.count || take("Z", text) || take("z", text) { return 0 }
        let sign: Int64
        if take("+", text) { sign = 1 } else if take("-", text) { sign = -1 } else { return nil }
        guard let hours = number(2, text), hours < 24 else { return nil }
        _ = take(":", text)
        guard at < text.count else { return sign * hours * 60 }
        guard let minutes = number(2, text), minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }

    @inline(__always)
    private mutating func number(_ width: Int, _ text: Span<UInt8>) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<width {
            guard let digit = digit(text) else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    @inline(__always)
    private mutating func digit(_ text: Span<UInt8>) -> Int64? {
        guard at < text.count, case UInt8(ascii: "0")...UInt8(ascii: "9") = text[at] else { return nil }
        defer { at += 1 }
        return Int64(text[at] - UInt8(ascii: "0"))
    }

    @inline(__always)
    private mutating func take(_ character: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        guard at < text.count, text[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }
}
