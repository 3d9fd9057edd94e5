import Testing

@testable import Metrics

@Suite("Prometheus' text format")
struct PrometheusTextTests {
    private static func text(_ families: MetricFamily...) -> String {
        String(decoding: PrometheusText.bytes(families), as: UTF8.self)
    }

    @Test("a family begins with its help and type, then come its samples with their labels in order")
    func family() {
        let text = Self.text(
            .counter(
                "rows_total", "Rows that came.",
                [.init([.init("result", "new"), .init("part", "a")], 3), .init([], 0)]),
            .gauge("age_seconds", "Its age.", 1.5), .gauge("share_ratio", "None.", nil))
        #expect(
            text == """
                # HELP rows_total Rows that came.
                # TYPE rows_total counter
                rows_total{result="new",part="a"} 3
                rows_total 0
                # HELP age_seconds Its age.
                # TYPE age_seconds gauge
                age_seconds 1.5
                # HELP share_ratio None.
                # TYPE share_ratio gauge

                """)
    }

    @Test(
        "whatever a label holds, it stays one label of one line",
        arguments: [
            ("a\"b", "a\\\"b"), ("a\\b", "a\\\\b"), ("a\nb", "a\\nb"), ("a\r\nb", "a\r\\nb"), ("<script>", "<script>"),
            ("\"} 1\nforged 2", "\\\"} 1\\nforged 2"), ("Hecht 🐟", "Hecht 🐟"), ("", ""),
        ])
    func labels(_ given: String, _ written: String) {
        let text = Self.text(.gauge("m", "h", [.init([.init("group", given)], 1)]))
        #expect(text.utf8.elementsEqual("# HELP m h\n# TYPE m gauge\nm{group=\"\(written)\"} 1\n".utf8))
    }

    @Test("in a help, line breaks and backslashes are escaped, and quotes stay")
    func help() {
        #expect(Self.text(.gauge("m", "a \"b\"\n\\", [])) == "# HELP m a \"b\"\\n\\\\\n# TYPE m gauge\n")
    }

    @Test(
        "numbers are written as Go reads them",
        arguments: [
            (0, "0"), (-2, "-2"), (1e-5, "1e-05"), (1_700_000_000.25, "1700000000.25"), (1e300, "1e+300"),
            (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
        ])
    func numbers(_ value: Double, _ written: String) {
        #expect(Self.text(.gauge("m", "h", value)).hasSuffix("\nm \(written)\n"))
    }

    @Test("a bucket holds all below its bound, the last one everything, and the count is that one")
    func histogram() {
        var histogram = Histogram(HistogramBounds([0.5, 1]))
        for seconds in [0.25, 0.5, 0.75, 2] { histogram.observe(seconds) }
        #expect(
            Self.text(.histogram("t_seconds", "h", [.init([.init("route", "/a")], histogram)])) == """
                # HELP t_seconds h
                # TYPE t_seconds histogram
                t_seconds_bucket{route="/a",le="0.5"} 2
                t_seconds_bucket{route="/a",le="1"} 3
                t_seconds_bucket{route="/a",le="+Inf"} 4
                t_seconds_sum{route="/a"} 3.5
                t_seconds_count{route="/a"} 4

                """)
    }
}
