import CCurl
import Glibc

/// One easy handle of libcurl, which keeps its connection open from one call to the next.
///
/// libcurl: "You must never share the same handle in multiple threads". The class is not `Sendable`, so the compiler
/// holds its users to one thread at a time.
///
/// No redirects are followed, and proxies are left alone even where `http_proxy` is set: a stream on a machine with a
/// proxy for the outside world would otherwise send its loopback calls there. libcurl may raise no signal, so a process
/// that talks https must ignore SIGPIPE.
@safe package final class CurlConnection {
    package struct Limits: Sendable {
        package var connectMilliseconds = 3000
        var answerBytesMax = 1 << 20

        package init() {}
    }

    package let address: ServerAddress
    private let limits: Limits
    private let handle: UnsafeMutableRawPointer
    private let credentials: ServerCredentials
    private var token: String?
    private var headersOfGet: UnsafeMutablePointer<curl_slist>?
    private var headersOfPost: UnsafeMutablePointer<curl_slist>?
    private let answer: AnswerBuffer
    /// By which the requests of this connection are told from those of any other.
    private let name = String(UInt32.random(in: (1 << 28)...UInt32.max), radix: 16)
    private var requestCount = 0

    /// Once a process and never undone: libcurl cannot tell when its last user has gone.
    private static let libraryStarted = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Connects to nothing yet.
    package init(
        to address: ServerAddress, limits: Limits = Limits(), credentials: ServerCredentials = ServerCredentials()
    ) {
        precondition(Self.libraryStarted, "libcurl does not start")
        guard let handle = unsafe curl_easy_init() else { preconditionFailure("libcurl: out of memory") }
        self.address = address
        self.limits = limits
        self.credentials = credentials
        token = credentials.token?()
        unsafe self.handle = unsafe handle
        answer = AnswerBuffer(bytesMax: limits.answerBytesMax)
        setUp()
        setHeaders()
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(headersOfGet)
        unsafe curl_slist_free_all(headersOfPost)
    }

    private func setHeaders() {
        unsafe curl_slist_free_all(headersOfGet)
        unsafe curl_slist_free_all(headersOfPost)
        // An empty `Expect:` keeps libcurl from asking for leave before it sends a large body.
        let common = ["Accept: application/json", "Expect:"] + (token.map { ["Authorization: Bearer \($0)"] } ?? [])
        unsafe headersOfGet = Self.list(common)
        unsafe headersOfPost = Self.list(common + ["Content-Type: application/json"])
    }

    /// A token that the server does not accept is read anew, as it may have been renewed, and the call made once more.
    /// - Throws: `HTTPCallError` where no whole answer came: no connection, a timeout, a break, an answer too large.
    package func perform(_ call: HTTPCall) throws(HTTPCallError) -> HTTPAnswer {
        let answer = try performOnce(call)
        guard answer.status == 401, let renewed = credentials.token?(), renewed != token else { return answer }
        token = renewed
        setHeaders()
        return try performOnce(call)
    }

    /// The name that the last request had, by which the server's log knows it; nil before the first.
    package var lastRequest: String? { requestCount == 0 ? nil : "\(name)-\(requestCount)" }

    private func performOnce(_ call: HTTPCall) throws(HTTPCallError) -> HTTPAnswer {
        answer.reset()
        requestCount += 1
        set(CURLOPT_URL, address.description + call.target)
        set(CURLOPT_TIMEOUT_MS, call.timeoutMilliseconds)
        let code = if let body = call.body { post(body) } else { get() }
        guard code == CURLE_OK else { throw failure(of: call, code) }
        var status = 0
        unsafe check(tare_curl_get_number(handle, CURLINFO_RESPONSE_CODE, &status))
        return HTTPAnswer(status: status, body: answer.bytes)
    }

    private func get() -> CURLcode {
        set(CURLOPT_HTTPGET, 1)
        return unsafe perform(with: headersOfGet)
    }

    /// - Parameter headers: those that are the same in each request; the request's name comes before them.
    private func perform(with headers: UnsafeMutablePointer<curl_slist>?) -> CURLcode {
        var line = Array("X-Request-ID: \(lastRequest ?? "")".utf8CString)
        return unsafe line.withUnsafeMutableBufferPointer { line in
            var first = unsafe curl_slist(data: line.baseAddress, next: headers)
            return unsafe withUnsafeMutablePointer(to: &first) { first in
                unsafe check(tare_curl_set_list(handle, CURLOPT_HTTPHEADER, first))
                // The pointer that libcurl keeps is not read again: each call sets the list anew.
                return unsafe curl_easy_perform(handle)
            }
        }
    }

    private func post(_ body: [UInt8]) -> CURLcode {
        precondition(!body.isEmpty, "JSON is never empty; without bytes libcurl would read them from stdin")
        set(CURLOPT_POST, 1)
        set(CURLOPT_POSTFIELDSIZE, body.count)
        // The pointer that libcurl keeps is not read again: each call sets the method and its body anew.
        return unsafe body.withUnsafeBytes { bytes in
            let text = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            unsafe check(tare_curl_set_text(handle, CURLOPT_POSTFIELDS, text))
            return unsafe perform(with: headersOfPost)
        }
    }
}

// MARK: - Options

extension CurlConnection {
    private func setUp() {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, limits.connectMilliseconds)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_PROXY, "")
        set(CURLOPT_USERAGENT, "tare")
        if let file = credentials.authorityFile { set(CURLOPT_CAINFO, file) }
        if let (certificate, key) = credentials.certificate {
            set(CURLOPT_SSLCERT, certificate)
            set(CURLOPT_SSLKEY, key)
        }
        let context = unsafe Unmanaged.passUnretained(answer).toOpaque()
        unsafe check(tare_curl_set_receivers(handle, receiveBody, receiveHead, context))
    }

    private func set(_ option: CURLoption, _ value: Int) {
        unsafe check(tare_curl_set_number(handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) {
        unsafe check(tare_curl_set_text(handle, option, value))
    }

    /// Setting an option fails only where memory is out or this file asks for what the library was built without.
    private func check(_ code: CURLcode) {
        precondition(code == CURLE_OK, "libcurl: \(Self.text(of: code))")
    }

    private static func list(_ headers: [String]) -> UnsafeMutablePointer<curl_slist>? {
        unsafe headers.reduce(nil) { list, header in unsafe curl_slist_append(list, header) }
    }
}

// MARK: - Failures

extension CurlConnection {
    private func failure(of call: HTTPCall, _ code: CURLcode) -> HTTPCallError {
        let reason =
            switch code {
            case CURLE_COULDNT_CONNECT: "no connection: \(systemErrorText)"
            case CURLE_COULDNT_RESOLVE_HOST: "no connection: the host's name is not known"
            case CURLE_OPERATION_TIMEDOUT where !isRequestBegun:
                "no connection within \(min(limits.connectMilliseconds, call.timeoutMilliseconds)) ms"
            case CURLE_OPERATION_TIMEDOUT: "no answer within \(call.timeoutMilliseconds) ms"
            case CURLE_GOT_NOTHING: "the connection was closed without an answer"
            case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR: "the connection broke before the answer's end"
            case CURLE_WRITE_ERROR: "the answer is larger than \(limits.answerBytesMax) bytes"
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: "the answer is not HTTP"
            default: Self.text(of: code)
            }
        return HTTPCallError(description: "\(call.name) at \(address): \(reason)")
    }

    private var isRequestBegun: Bool {
        var microseconds: curl_off_t = 0
        unsafe check(tare_curl_get_microseconds(handle, CURLINFO_PRETRANSFER_TIME_T, &microseconds))
        return microseconds > 0
    }

    private var systemErrorText: String {
        var number = 0
        unsafe check(tare_curl_get_number(handle, CURLINFO_OS_ERRNO, &number))
        guard number != 0, let text = unsafe strerror(CInt(number)) else { return "the host does not answer" }
        return unsafe String(cString: text)
    }

    private static func text(of code: CURLcode) -> String {
        unsafe curl_easy_strerror(code).map { unsafe String(cString: $0) } ?? "libcurl's error \(code.rawValue)"
    }
}

// MARK: - Receiving

/// The bytes of one answer. Head and body together stay below a bound; of the head only the size is kept.
private final class AnswerBuffer {
    let bytesMax: Int
    private(set) var bytes: [UInt8] = []
    private var bytesOfHead = 0

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    func reset() {
        bytes.removeAll(keepingCapacity: true)
        bytesOfHead = 0
    }

    /// False where the bound would be passed.
    func addToHead(_ count: Int) -> Bool {
        bytesOfHead += count
        return bytesOfHead <= bytesMax - bytes.count
    }

    /// False, and nothing kept, where the bound would be passed.
    func append(_ part: UnsafeRawBufferPointer) -> Bool {
        guard part.count <= bytesMax - bytes.count - bytesOfHead else { return false }
        unsafe bytes.append(contentsOf: part)
        return true
    }
}

// libcurl's `CURLOPT_WRITEFUNCTION` and `CURLOPT_HEADERFUNCTION`, called on the thread that performs. To return
// anything but the count of bytes given ends the transfer with `CURLE_WRITE_ERROR`.

private func receiveBody(
    _ part: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return -1 }
    let buffer = unsafe Unmanaged<AnswerBuffer>.fromOpaque(context).takeUnretainedValue()
    let isKept = unsafe buffer.append(UnsafeRawBufferPointer(start: part, count: size * count))
    return isKept ? size * count : -1
}

private func receiveHead(
    _ line: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return -1 }
    let buffer = unsafe Unmanaged<AnswerBuffer>.fromOpaque(context).takeUnretainedValue()
    return buffer.addToHead(size * count) ? size * count : -1
}
