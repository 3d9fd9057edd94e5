import Metrics

/// How many requests each route has answered with which status, and how long that took: from the request's being complete to
/// the answer's being ready. Requests that no route takes count together.
final class RequestMetrics: Sendable {
    struct RouteName: Sendable, Equatable {
        let method: String
        let path: String

        static let other = RouteName(method: "other", path: "other")
    }

    /// That routes answer with; others count as `other`.
    private static let statuses = [
        200, 202, 301, 400, 404, 405, 406, 409, 413, 415, 422, 429, 500, 501, 503,
    ]

    private let names: [RouteName]
    private let grid: HistogramGrid

    /// - Parameter names: of the routes, by their numbers.
    init(_ names: [RouteName]) {
        self.names = names + [.other]
        grid = HistogramGrid(.requests, rows: self.names.count, columns: Self.statuses.count + 1)
    }

    /// - Parameters:
    ///   - route: its number; nil where none takes the request.
    ///   - start: when the request was complete, by `MonotonicClock`.
    func note(_ status: Int, of route: Int?, since start: UInt64) {
        grid.observe(
            nanoseconds: MonotonicClock.nanoseconds &- start, row: route ?? names.count - 1,
            column: Self.column(of: status))
    }

    private static func column(of status: Int) -> Int {
        // Nearly all.
        if status == 200 { return 0 }
        return statuses.firstIndex(of: status) ?? statuses.count
    }

    var families: [MetricFamily] {
        let samples = names.enumerated().flatMap { row, name in
            (0...Self.statuses.count).compactMap { column -> MetricFamily.HistogramSample? in
                let status = column < Self.statuses.count ? "\(Self.statuses[column])" : "other"
                return grid.histogram(row: row, column: column).map {
                    .init(
                        [.init("method", name.method), .init("route", name.path), .init("status", status)], $0)
                }
            }
        }
        return [
            .counter(
                "tare_http_requests_total",
                "Requests that were answered, by route; those that no route takes are together under 'other'.",
                samples.map { .init($0.labels, Double($0.histogram.count)) }),
            .histogram(
                "tare_http_request_duration_seconds",
                "Time from a request's being complete to its answer's being ready.", samples),
        ]
    }
}
