import Threading

/// The clients behind trusted proxies, whose connections all are the proxy's: what is counted of each is its requests
/// that are under way.
final class ProxiedClients: Sendable {
    private struct State {
        var underWay: [IPAddress: Int] = [:]
        var notice = RepeatedNotice()
    }

    let proxies: TrustedProxies
    private let requestsMax: Int
    private let state = Lock(State())

    /// - Parameter requestsMax: of one client at one time.
    init(behind proxies: TrustedProxies, requestsMax: Int) {
        self.proxies = proxies
        self.requestsMax = requestsMax
    }

    /// Counts a request, until `end`.
    /// - Returns: false where the client has as many as it may; then it is not counted.
    func begin(_ client: IPAddress) -> Bool {
        state.withLock { state in
            let count = state.underWay[client.host, default: 0]
            guard count < requestsMax else {
                state.notice.note()
                return false
            }
            state.underWay[client.host] = count + 1
            return true
        }
    }

    func end(_ client: IPAddress) {
        state.withLock { state in
            let left = (state.underWay[client.host] ?? 1) - 1
            state.underWay[client.host] = left > 0 ? left : nil
        }
    }

    var refusal: HTTPRefusal {
        HTTPRefusal(status: 429, detail: "this address has \(requestsMax) requests under way, the most there may be")
    }

    /// What is to be told of requests that were turned away, now and then.
    func dueNotice(at now: ContinuousClock.Instant) -> String? {
        state.withLock { state in
            guard let due = state.notice.due(at: now) else { return nil }
            return
                "answered 429 to \(due.count) requests (\(due.total) since the start): one client behind a proxy had "
                + "\(requestsMax) under way"
        }
    }
}
