import Documents
import Streaming

/// What server and companion answered when they were asked how they are: a value. Nil where there was no answer.
struct StatusAnswers: Sendable, Equatable {
    struct Part: Sendable, Equatable {
        let status: Int
        let document: JSON?
    }

    enum Companion: Sendable, Equatable {
        case silent
        case answered(JSON)
    }

    /// Why the first question had no answer.
    var failure: String?
    var readiness: Part?
    var model: Part?
    var coverage: Part?
    var versions: Part?
    /// `tare_rolling_error` and its count, out of `GET /metrics`.
    var rollingError: Double?
    var rollingErrorRows: Int?
    /// Nil where nobody asked for a companion.
    var companion: Companion?

    init() {}

    /// Asks the one and, where its address is given, the other.
    init(of server: ServerAddress, _ credentials: ServerCredentials, companion address: ServerAddress?) {
        let connection = CurlConnection(to: server, limits: .init(), credentials: credentials)
        do throws(HTTPCallError) {
            readiness = Part(try connection.perform(Self.call("/readyz")))
        } catch {
            failure = error.description
        }
        if failure == nil {
            model = Self.part("/model", connection)
            coverage = Self.part("/coverage", connection)
            versions = Self.part("/models?limit=5", connection)
            readMetrics(connection)
        }
        if let address {
            let part = Self.part("/status", CurlConnection(to: address, limits: .init(), credentials: .init()))
            let document = part.flatMap { $0.status == 200 ? $0.document : nil }
            companion = document.map { .answered($0) } ?? .silent
        }
    }

    private static func call(_ target: String) -> HTTPCall { HTTPCall(target: target, timeoutMilliseconds: 5000) }

    private static func part(_ target: String, _ connection: CurlConnection) -> Part? {
        (try? connection.perform(call(target))).map(Part.init)
    }

    private mutating func readMetrics(_ connection: CurlConnection) {
        guard let answer = try? connection.perform(Self.call("/metrics")), answer.status == 200 else { return }
        func value(_ name: String) -> Double? {
            let line = String(decoding: answer.body, as: UTF8.self).split(separator: "\n").first {
                $0.hasPrefix("\(name) ")
            }
            return line.flatMap { Double($0.dropFirst(name.count + 1)) }
        }
        rollingError = value("tare_rolling_error")
        rollingErrorRows = value("tare_rolling_error_rows").map { Int($0) }
    }
}

extension StatusAnswers.Part {
    fileprivate init(_ answer: HTTPAnswer) {
        status = answer.status
        document = try? JSON(parsing: answer.body)
    }
}
