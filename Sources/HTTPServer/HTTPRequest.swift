/// A request as it arrived, decoded but not interpreted.
package struct HTTPRequest: Sendable {
    /// As sent, in upper case by custom: `GET`.
    package var method: String
    /// Percent-decoded, without the query; begins with `/`.
    package var path: String
    /// In the order of the request, percent-decoded, `+` read as a space. A name without `=` has an empty value.
    package var query: [HTTPField]
    package var headers: [HTTPField]
    package var body: [UInt8]

    package init(
        method: String, path: String, query: [HTTPField] = [], headers: [HTTPField] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The value of the first header of this name, whatever its case.
    package func header(_ name: String) -> String? {
        headers.first { $0.isNamed(name) }?.value
    }
}

/// A name and a value: of a header, or of the query.
package struct HTTPField: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Compares without regard to the case of ASCII letters, as RFC 9110 asks for header names.
    package func isNamed(_ other: String) -> Bool {
        name.utf8.elementsEqual(other.utf8) { left, right in
            left == right || ((left ^ right) == 0x20 && (left | 0x20) >= 0x61 && (left | 0x20) <= 0x7A)
        }
    }
}
