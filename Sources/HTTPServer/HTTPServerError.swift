/// Why a server did not start.
package enum HTTPServerError: Error, Equatable, CustomStringConvertible {
    /// Not an address to listen on, as it was given.
    case host(String)
    /// A limit or the number of threads, by its name, is out of range.
    case setting(name: String, value: Int, accepted: ClosedRange<Int>)
    /// A call on the listening socket failed: `reason` is the system's text.
    case socket(address: String, call: String, reason: String)
    /// The library reads from its sockets past this module: the program is not linked as Package.swift says.
    case unwatched
    /// The library would not start; its own message, where it left one.
    case library(String)

    package var description: String {
        switch self {
        case .host(let given):
            "cannot listen on \"\(given)\": an IPv4 address (127.0.0.1), an IPv6 address (::1) or localhost is accepted"
        case .setting(let name, let value, let accepted):
            "\(name) is \(value): \(accepted.lowerBound) to \(accepted.upperBound) is accepted"
        case .socket(let address, let call, let reason):
            "cannot listen on \(address): \(call): \(reason)"
        case .unwatched:
            "libmicrohttpd would read requests unchecked: link the program with --export-dynamic-symbol=recv "
                + "and --export-dynamic-symbol=gnutls_record_recv"
        case .library(let message):
            "libmicrohttpd did not start: \(message)"
        }
    }
}
