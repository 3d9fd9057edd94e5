/// Writes metrics in Prometheus' text format, version 0.0.4.
package enum PrometheusText {
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    package static func bytes(_ families: [MetricFamily]) -> [UInt8] {
        var text = ""
        for family in families { write(family, to: &text) }
        return Array(text.utf8)
    }

    private static func write(_ family: MetricFamily, to text: inout String) {
        text += "# HELP \(family.name) \(escaped(family.help, quote: false))\n# TYPE \(family.name) \(family.kind)\n"
        switch family.samples {
        case .counter(let samples), .gauge(let samples):
            for sample in samples { write(family.name, sample.labels, sample.value, to: &text) }
        case .histogram(let samples):
            for sample in samples { write(family.name, sample, to: &text) }
        }
    }

    /// Each bucket holds those below it too, and the last one, `+Inf`, all.
    private static func write(_ name: String, _ sample: MetricFamily.HistogramSample, to text: inout String) {
        let histogram = sample.histogram
        var below: UInt64 = 0
        for (bound, count) in zip(histogram.bounds.seconds + [.infinity], histogram.counts) {
            below += count
            write("\(name)_bucket", sample.labels + [.init("le", number(bound))], Double(below), to: &text)
        }
        write("\(name)_sum", sample.labels, histogram.sum, to: &text)
        write("\(name)_count", sample.labels, Double(below), to: &text)
    }

    private static func write(
        _ name: String, _ labels: [MetricFamily.Label], _ value: Double, to text: inout String
    ) {
        text += name
        if !labels.isEmpty {
            text += "{"
            text += labels.map { "\($0.name)=\"\(escaped($0.value, quote: true))\"" }.joined(separator: ",")
            text += "}"
        }
        text += " \(number(value))\n"
    }

    /// As Go reads it, which Prometheus is written in.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value.magnitude < 1e15 && value == value.rounded() ? "\(Int64(value))" : "\(value)"
    }

    /// - Parameter quote: whether a quote would end the text.
    private static func escaped(_ text: String, quote: Bool) -> String {
        var escaped = ""
        // By scalars: a line break and what follows it may be one character.
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quote: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
