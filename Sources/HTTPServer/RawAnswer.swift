import CMicroHTTPD
import Glibc

/// An answer written past the library, which cannot answer while a request is still being received. The connection
/// must be closed after it.
enum RawAnswer {
    /// Sends what the socket takes at once, without waiting and without a signal.
    /// - Parameter hasBody: false where a HEAD is answered.
    static func send(_ response: HTTPResponse, to descriptor: Int32, hasBody: Bool = true) {
        let bytes = serialize(response, at: time(nil), hasBody: hasBody)
        _ = unsafe bytes.withUnsafeBytes { bytes in
            unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        }
    }

    /// - Parameter seconds: since 1970, for the Date field.
    static func serialize(_ response: HTTPResponse, at seconds: time_t, hasBody: Bool = true) -> [UInt8] {
        let reason = unsafe String(cString: MHD_get_reason_phrase_for(UInt32(response.status)))
        var head = "HTTP/1.1 \(response.status) \(reason)\r\nDate: \(date(seconds))\r\nConnection: close\r\n"
        for field in response.headers { head += "\(field.name): \(field.value)\r\n" }
        head += "Content-Length: \(response.body.count)\r\n\r\n"
        return Array(head.utf8) + (hasBody ? response.body : [])
    }

    /// The IMF-fixdate of RFC 9110, 5.6.7, whatever the locale.
    private static func date(_ seconds: time_t) -> String {
        var seconds = seconds
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = unsafe "\(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(1900 + parts.tm_year)"
        let time = unsafe "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        return unsafe "\(days[Int(parts.tm_wday)]), \(date) \(time) GMT"
    }
}
