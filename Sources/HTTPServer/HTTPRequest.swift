/// A request as it arrived, decoded but not interpreted.
package struct HTTPRequest: Sendable {
    /// As sent, in upper case by custom: `GET`.
    package var method: String
    /// Percent-decoded, without the query; begins with `/`, or is `*`.
    package var path: String
    /// In the order of the request, percent-decoded, `+` read as a space. A name without `=` has an empty value.
    package var query: [HTTPField]
    package var body: [UInt8]
    /// Who asks: the other end of the connection, or whom a trusted proxy there names.
    package var client: IPAddress
    var packedHeaders: PackedFields
    /// What the body holds, for as long as somebody has this request.
    var memory: MemoryReservation?

    package init(
        method: String, path: String, query: [HTTPField] = [], headers: [HTTPField] = [], body: [UInt8] = [],
        client: IPAddress? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.client = client ?? .unspecified
        packedHeaders = PackedFields(headers)
    }

    /// In the order of the request; a value is without the white space around it. Made anew each time it is asked
    /// for.
    package var headers: [HTTPField] {
        get { packedHeaders.fields }
        set { packedHeaders = PackedFields(newValue) }
    }

    /// The value of the first header of this name, whatever its case.
    package func header(_ name: String) -> String? {
        packedHeaders.first(named: name)
    }

    /// The bytes of the first header of this name, whatever its case, and how many of them there are: for what is looked
    /// at in every request, as a text costs more.
    package func headerBytes(_ name: StaticString) -> (first: ArraySlice<UInt8>?, count: Int) {
        packedHeaders.bytes(named: name)
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
        ASCII.areEqualIgnoringCase(name.utf8, other.utf8)
    }
}
