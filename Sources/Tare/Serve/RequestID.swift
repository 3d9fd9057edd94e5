import HTTPServer
import Program
import Synchronization

/// The name of a request, by which its answer and the lines of logs are found.
enum RequestID {
    static let header = "X-Request-ID"
    /// The member of a problem document.
    static let member = "requestId"
    /// Bytes of a name that a caller gives.
    static let bytesMax = 128

    /// As the caller gave it, by `X-Request-ID` or by the trace of a W3C `traceparent`; a new one where that is no such name.
    /// Nil where nothing was given.
    static func given(in request: HTTPRequest) -> String? {
        let own = request.headerBytes("x-request-id")
        if let bytes = own.first { return own.count == 1 && isName(bytes) ? text(bytes) : made() }
        let parent = request.headerBytes("traceparent")
        guard let bytes = parent.first else { return nil }
        return parent.count == 1 ? trace(of: bytes) ?? made() : made()
    }

    /// Unlike that of any other request, of this process or another.
    static func made() -> String { "\(process)-\(count.wrappingAdd(1, ordering: .relaxed).newValue)" }

    private static let count = Atomic<UInt64>(0)
    private static let process = String(UInt32.random(in: (1 << 28)...UInt32.max), radix: 16)

    /// Letters, digits and signs that need no escape in a header, in JSON or in a shell's pattern.
    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        (1...bytesMax).contains(bytes.count) && bytes.allSatisfy { signs.contains($0) }
    }

    private static let signs = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:/+=@,".utf8)

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// W3C Trace Context, 3.2: `version-trace-parent-flags`, each in lower-case hexadecimal digits.
    private static func trace(of bytes: ArraySlice<UInt8>) -> String? {
        let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count >= 4, zip(parts, [2, 32, 16, 2]).allSatisfy({ $0.count == $1 && isHex($0) }),
            !parts[0].elementsEqual("ff".utf8), parts.count == 4 || !parts[0].elementsEqual("00".utf8),
            parts[1].contains(where: { $0 != UInt8(ascii: "0") }), parts[2].contains(where: { $0 != UInt8(ascii: "0") })
        else { return nil }
        return text(parts[1])
    }

    private static func isHex(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
}

extension HTTPResponse {
    /// Says in the answer which request it is to; in a problem document by a member behind all others too.
    mutating func name(_ id: String) {
        headers.append(HTTPField(RequestID.header, id))
        guard isProblem, body.last == UInt8(ascii: "}") else { return }
        body.removeLast()
        body.append(contentsOf: ",\"\(RequestID.member)\":\"\(id)\"}".utf8)
    }

    private var isProblem: Bool {
        headers.contains { $0.isNamed("Content-Type") && $0.value == Problem.mediaType }
    }
}
