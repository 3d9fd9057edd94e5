/// How much of everything a server takes on: whatever a client does, memory, sockets and time stay within these.
package struct HTTPLimits: Sendable {
    /// Bytes of the request target as sent (path and query); 414 beyond. RFC 9110, 4.1 asks for at least 8000.
    package var urlBytesMax = 8000
    /// Bytes of the request line and all header fields together; 431 beyond.
    package var headerBytesMax = 8 * 1024
    /// Header fields of a request; 431 beyond.
    package var headerFieldsMax = 48
    /// Bytes of a request's body; 413 beyond.
    package var bodyBytesMax = 8 * 1024 * 1024
    /// Bytes that requests hold together: bodies, what is made of them, and large answers; 503 beyond.
    package var bufferedBytesMax = 128 * 1024 * 1024
    /// Bytes of bodies that are read in a second for each thread, beyond the first 256 KiB of each body; who sends more
    /// waits, so that the threads have time for others. Rows are not worked off much faster than this.
    package var uploadBytesPerSecondMax = 16 * 1024 * 1024
    /// Open connections; further ones are answered 503 and closed. Stays below the usual limit of 1024 open files.
    package var connectionsMax = 800
    /// Open connections from one IPv4 address, or one /64 network of IPv6; further ones are answered 429 and closed.
    package var connectionsPerAddressMax = 400
    /// Connections that the kernel keeps waiting to be accepted; Linux takes 4096 at most where net.core.somaxconn is as it
    /// was. A client that finds no place tries again after a second.
    package var listenBacklog = 4096
    /// Seconds between two requests before a connection is closed. Kafka's HTTP sinks leave theirs idle for minutes
    /// and take a closed one for a failure.
    package var connectionSecondsMax = 600
    /// Seconds from the first byte of a request to its last, however steadily they drip; 408 beyond. A new connection
    /// has as long for its first request.
    package var requestSecondsMax = 60
    /// Seconds that a client may take to accept its answer.
    package var responseSecondsMax = 60
    /// Requests that wait for a `later` answer at one time; 503 beyond.
    package var suspendedMax = 256
    /// Answers that are streams at one time; 503 beyond.
    package var streamsMax = 32
    /// Seconds for which what a refused client still sends is read and dropped, so that it gets to see the answer.
    package var lingerSecondsMax = 2
    /// Seconds that `stop()` gives to requests in flight.
    package var graceSecondsMax = 10

    package init() {}

    /// Bytes that a stream may have waiting for a client that reads slower than they come; it is closed beyond.
    package static let streamBytesMax = 1024 * 1024

    /// Every setting by its name, in the order above.
    package var described: [(name: String, value: Int)] {
        [
            ("urlBytesMax", urlBytesMax), ("headerBytesMax", headerBytesMax), ("headerFieldsMax", headerFieldsMax),
            ("bodyBytesMax", bodyBytesMax), ("bufferedBytesMax", bufferedBytesMax),
            ("uploadBytesPerSecondMax", uploadBytesPerSecondMax),
            ("connectionsMax", connectionsMax), ("connectionsPerAddressMax", connectionsPerAddressMax),
            ("listenBacklog", listenBacklog), ("connectionSecondsMax", connectionSecondsMax),
            ("requestSecondsMax", requestSecondsMax), ("responseSecondsMax", responseSecondsMax),
            ("suspendedMax", suspendedMax), ("streamsMax", streamsMax),
            ("lingerSecondsMax", lingerSecondsMax),
            ("graceSecondsMax", graceSecondsMax),
        ]
    }

    /// The library's memory for a connection: the request's head, a record for each field, the head of the answer. All
    /// of it is cleared for every request, so more costs time too.
    var connectionMemoryBytes: Int { headerBytesMax + Self.fieldMemoryBytes * headerFieldsMax + 1024 }

    /// What the library's record of a field or a cookie takes.
    static let fieldMemoryBytes = 64

    /// What of that memory is left for cookies: its half is the receive buffer, which grows in steps of 1024 bytes.
    func cookieMemoryBytes(headBytes: Int, fields: Int) -> Int {
        let buffer = max(connectionMemoryBytes / 2, headBytes + 2048)
        return connectionMemoryBytes - buffer - fields * Self.fieldMemoryBytes - 256
    }

    /// Refuses settings that could not be kept to.
    func check(threads: Int) throws(HTTPServerError) {
        try Self.check("threads", threads, 1...1024)
        for (name, value) in described { try Self.check(name, value, 1...Int(Int32.max)) }
        try Self.check("urlBytesMax", urlBytesMax, 1...headerBytesMax)
    }

    private static func check(_ name: String, _ value: Int, _ accepted: ClosedRange<Int>) throws(HTTPServerError) {
        guard accepted.contains(value) else { throw .setting(name: name, value: value, accepted: accepted) }
    }
}
