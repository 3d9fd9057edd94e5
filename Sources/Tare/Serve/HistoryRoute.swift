import Documents
import HTTPServer
import ModelService
import Program

/// `GET /observations`: the rows that are stored, newest first, a page at a time.
struct HistoryRoute {
    let service: ModelService
    let work: WorkQueue

    private static let limitDefault = 100
    private static let limits = 1...1000

    private struct Query {
        let limit: Int
        let before: Timestamp?
        let isLines: Bool
        /// Whether the form was named in the query, so that the next page's must be.
        let isFormNamed: Bool

        init(_ request: HTTPRequest) throws(Problem) {
            let query = request.query
            limit = try query.wholeNumber("limit", in: limits) ?? limitDefault
            if let given = try query.single("before") {
                guard let time = Timestamp(given) ?? Int64(given).flatMap(Timestamp.init(exactly:)) else {
                    throw Problem(
                        400, parameter: "before", given: .string(given),
                        accepted: "a time such as 2021-06-09T13:39:27.971Z or a whole number of milliseconds since 1970"
                    )
                }
                before = time
            } else {
                before = nil
            }
            let form = try query.single("format")
            guard [nil, "json", "ndjson"].contains(form) else {
                throw Problem(400, parameter: "format", given: JSON(form), accepted: "json or ndjson")
            }
            isFormNamed = form != nil
            isLines = form.map { $0 == "ndjson" } ?? NDJSON.isAccepted(by: request)
        }
    }

    func get(_ request: HTTPRequest) -> HTTPReply {
        let query: Query
        do throws(Problem) { query = try Query(request) } catch { return .now(error.response) }
        return work.reply {
            do throws(StoreError) {
                let page = try HistoryPage(before: query.before, limit: query.limit) {
                    count, time throws(StoreError) in try service.rows(count, before: time)
                }
                return response(page, query)
            } catch {
                return Problem(storeError: error).response
            }
        }
    }

    private func response(_ page: HistoryPage, _ query: Query) -> HTTPResponse {
        let rows = page.rows.map { $0.document(service.specification) }
        let body = query.isLines ? rows.flatMap { $0.bytes + [0x0A] } : JSON.array(rows).bytes
        return HTTPResponse(
            status: 200,
            headers: [
                HTTPField("Content-Type", query.isLines ? NDJSON.mediaType : "application/json"),
                HTTPField("Cache-Control", "no-store"),
            ] + (page.next.map { [HTTPField("Link", Self.link($0, query))] } ?? []), body: body)
    }

    /// RFC 8288.
    private static func link(_ next: Timestamp, _ query: Query) -> String {
        let form = query.isFormNamed ? "&format=\(query.isLines ? "ndjson" : "json")" : ""
        return "</observations?before=\(next)&limit=\(query.limit)\(form)>; rel=\"next\""
    }
}

/// Rows that are stored, newest first, up to the end of a time: so the next page goes on before that time, and no row is
/// told twice or passed over, whatever comes meanwhile.
struct HistoryPage {
    let rows: [Observation]
    /// Before which time the next page begins; nil where there is none.
    let next: Timestamp?

    /// Of one time, so many rows are told at most.
    static let rowsOfOneTimeMax = 10_000
    private static let growth = 4

    /// - Parameters:
    ///   - limit: how many rows at most, but for rows of one time, which are told together.
    ///   - read: the newest rows before a time, so many at most. Rows without a time, which are last, are not told.
    init(
        before time: Timestamp?, limit: Int,
        read: (_ count: Int, _ time: Timestamp?) throws(StoreError) -> [Observation]
    ) throws(StoreError) {
        let first = limit + 1
        var asked = first
        while true {
            let rows = try read(asked, time).filter { $0.timestamp != nil }
            guard asked > first || rows.count == asked else {
                (self.rows, next) = (rows, nil)
                return
            }
            // Of one time, all are told together.
            let page =
                asked == first && rows.first?.timestamp != rows.last?.timestamp
                ? rows.prefix { $0.timestamp != rows.last?.timestamp }
                : rows.prefix { $0.timestamp == rows.first?.timestamp }
            if page.count < rows.count || rows.count < asked || asked > Self.rowsOfOneTimeMax {
                let isLast = page.count == rows.count && rows.count < asked
                (self.rows, next) = (Array(page), isLast ? nil : page.last?.timestamp)
                return
            }
            asked *= Self.growth
        }
    }
}
