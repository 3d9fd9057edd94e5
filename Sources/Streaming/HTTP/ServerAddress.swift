import CCurl

/// Where the model server is: `http://127.0.0.1:8000`, `https://[2001:db8::1]/models`. Read by libcurl itself, so that
/// what was checked is what is connected to.
package struct ServerAddress: Sendable, Equatable, CustomStringConvertible {
    /// Scheme, host, and the port and the path where they were given; without a slash at the end.
    package let description: String

    /// A name and a password are refused: they would stand in the list of processes and in messages.
    /// - Throws: `ServerAddressError` with what was given and what is accepted.
    package init(_ text: String) throws(ServerAddressError) {
        // Characters that libcurl takes as they are, though no URL has them.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw ServerAddressError("'\(text)' holds a space or a control character")
        }
        let url = CurlURL()
        if let problem = url.read(text) {
            guard problem.isUserNamed else { throw ServerAddressError("'\(text)': \(problem.description)") }
            throw ServerAddressError("a name or password in the address is not supported")
        }
        guard let scheme = url.part(CURLUPART_SCHEME), ["http", "https"].contains(scheme) else {
            throw ServerAddressError("'\(text)' is neither http:// nor https://")
        }
        guard url.part(CURLUPART_QUERY) == nil, url.part(CURLUPART_FRAGMENT) == nil, !text.hasSuffix("?"),
            !text.hasSuffix("#")
        else { throw ServerAddressError("'\(text)' holds a query or a fragment") }
        guard var whole = url.part(CURLUPART_URL) else { throw ServerAddressError("'\(text)' cannot be read") }
        while whole.hasSuffix("/") { whole.removeLast() }
        description = whole
    }
}

/// Why a text is not the address of a server.
package struct ServerAddressError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ problem: String) {
        description = "\(problem). Accepted is http://HOST:PORT or https://HOST:PORT, with a path where one leads there"
    }
}

/// Owns one `CURLU`, libcurl's reader of URLs, for as long as it takes to read one.
@safe private final class CurlURL {
    private let handle: OpaquePointer?

    init() { unsafe handle = curl_url() }

    deinit { unsafe curl_url_cleanup(handle) }

    struct Problem {
        let code: CURLUcode
        var isUserNamed: Bool { code == CURLUE_USER_NOT_ALLOWED }
        var description: String { unsafe curl_url_strerror(code).map { unsafe String(cString: $0) } ?? "not a URL" }
    }

    func read(_ text: String) -> Problem? {
        let flags = UInt32(CURLU_DISALLOW_USER) | UInt32(CURLU_NON_SUPPORT_SCHEME)
        let code = unsafe curl_url_set(handle, CURLUPART_URL, text, flags)
        return code == CURLUE_OK ? nil : Problem(code: code)
    }

    func part(_ part: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text = unsafe text else { return nil }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
