import ArgumentParser

/// A length of time as it is typed: `500ms`, `2s`, `1.5m`, `2h`; a bare number counts seconds.
struct TimeSpan: Equatable, ExpressibleByArgument {
    let milliseconds: Int64

    init(milliseconds: Int64) { self.milliseconds = milliseconds }

    init?(argument: String) {
        let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let unit = Self.units[String(argument.dropFirst(number.count))], let value = Double(number),
            case let product = (value * unit).rounded(), product < 1e15
        else { return nil }
        milliseconds = Int64(product)
    }

    private static let units = ["": 1000.0, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000]

    var defaultValueDescription: String {
        milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}
