/// One request to the model server: a value, made without a socket.
package struct HTTPCall: Sendable, Equatable {
    /// What is asked of the address: a path that begins with `/`, and a query where there is one.
    package let target: String
    /// Nil makes it a GET; otherwise a POST of this JSON.
    package let body: [UInt8]?
    /// For the whole call, from the connection to the last byte of the answer.
    package let timeoutMilliseconds: Int

    package init(target: String, body: [UInt8]? = nil, timeoutMilliseconds: Int) {
        self.target = target
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    /// `GET /prediction`: what messages call it. The query is left out, so that they repeat.
    var name: String {
        "\(body == nil ? "GET" : "POST") \(target.prefix { $0 != "?" })"
    }
}

/// A whole answer, whatever its status.
package struct HTTPAnswer: Sendable, Equatable {
    package let status: Int
    package let body: [UInt8]
}

/// Why there is no whole answer, in words that are the same each time: a message that repeats can be told once.
package struct HTTPCallError: Error, Equatable, CustomStringConvertible {
    package let description: String
}
