/// A network of addresses: `192.0.2.0/24`, `2001:db8::/32`, or one address.
package struct IPNetwork: Hashable, Sendable {
    private let address: IPAddress
    /// How many of the 128 bits are the network's.
    private let bits: Int

    /// Bits of the address behind those of the network must be zero: who writes others means something else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        let width = address.isIPv4 && !parts[0].contains(":") ? 32 : 128
        var own = width
        if parts.count == 2 {
            guard let given = Int(parts[1]), 0...width ~= given, parts[1].utf8.allSatisfy({ $0 &- 0x30 <= 9 }) else {
                return nil
            }
            own = given
        }
        self.address = address
        bits = 128 - width + own
        guard Self.masked(address, bits) == address else { return nil }
    }

    package func contains(_ other: IPAddress) -> Bool { Self.masked(other, bits) == address }

    private static func masked(_ address: IPAddress, _ bits: Int) -> IPAddress {
        func mask(_ count: Int) -> UInt64 { count <= 0 ? 0 : count >= 64 ? .max : ~(UInt64.max >> UInt64(count)) }
        return IPAddress(high: address.high & mask(bits), low: address.low & mask(bits - 64))
    }
}

/// The proxies that are believed when they say for whom they ask, and where they say it.
package struct TrustedProxies: Sendable {
    /// One, and not whichever there is: a proxy that writes one of them passes the other on as a client sent it.
    package enum Field: String, Sendable, CaseIterable {
        /// `X-Forwarded-For: CLIENT, PROXY, …`
        case forwardedFor = "x-forwarded-for"
        /// RFC 7239: `Forwarded: for=CLIENT, for="[PROXY]:PORT", …`
        case forwarded
    }

    private let networks: [IPNetwork]
    private let field: Field

    package init(_ networks: [IPNetwork], field: Field = .forwardedFor) {
        self.networks = networks
        self.field = field
    }

    package func contains(_ address: IPAddress) -> Bool { networks.contains { $0.contains(address) } }

    /// Who asks, of a request that came over a connection from `peer`: the last address that a trusted proxy has told of
    /// and that is none itself. Where a proxy tells of nobody, or of no address, it is the proxy.
    package func client(of request: HTTPRequest, from peer: IPAddress) -> IPAddress {
        var client = peer
        var hops = request.headers.filter { $0.isNamed(field.rawValue) }.flatMap { named(in: $0.value) }
        while contains(client), let hop = hops.popLast(), let address = Self.address(in: hop) { client = address }
        return client
    }

    /// For whom each hop asks, in their order.
    private func named(in value: String) -> [Substring] {
        let elements = Self.split(value, at: ",")
        switch field {
        case .forwardedFor: return elements
        case .forwarded:
            // An element without `for` is a hop that does not tell.
            return elements.map { element in
                for parameter in Self.split(String(element), at: ";") {
                    let parts = parameter.split(separator: "=", maxSplits: 1)
                    if parts.count == 2, parts[0].lowercased() == "for" { return parts[1] }
                }
                return ""
            }
        }
    }

    /// Splits outside of quotes, and takes the white space off.
    private static func split(_ text: String, at separator: Character) -> [Substring] {
        var isQuoted = false
        let parts = text.split(omittingEmptySubsequences: false) { character in
            if character == "\"" { isQuoted.toggle() }
            return character == separator && !isQuoted
        }
        return parts.map { part in
            let rest = part.drop { $0 == " " || $0 == "\t" }
            let end = rest.lastIndex { $0 != " " && $0 != "\t" }
            return end.map { rest[...$0] } ?? ""
        }
    }

    /// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`, each in quotes or not.
    private static func address(in hop: Substring) -> IPAddress? {
        var text = hop
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            return IPAddress(String(text[..<end].dropFirst()))
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return IPAddress(String(parts.count == 2 ? parts[0] : text))
    }
}
