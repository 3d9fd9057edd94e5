/// A request that the server answers by itself, before or instead of the handler.
package struct HTTPRefusal: Error, Equatable {
    /// 400, 408, 413, 414, 417, 429, 431, 500, 503 or 505.
    package let status: Int
    /// A sentence that names what was given and what is accepted; safe to send to the client.
    package let detail: String

    package init(status: Int, detail: String) {
        self.status = status
        self.detail = detail
    }

    static func badRequest(_ detail: String) -> HTTPRefusal {
        HTTPRefusal(status: 400, detail: detail)
    }
}
