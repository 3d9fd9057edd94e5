import Synchronization

/// The open connections by their socket, for those who look at all of them. An entry is removed before the library
/// closes the socket, so under this lock a socket is the one that it was.
final class ConnectionTable: Sendable {
    struct Entry {
        let exchange: Exchange
        var watch: ConnectionWatch
    }

    private let entries = Mutex<[Int32: Entry]>([:])

    func add(_ exchange: Exchange) {
        let entry = Entry(exchange: exchange, watch: ConnectionWatch(at: .now))
        entries.withLock { $0[exchange.descriptor] = entry }
    }

    func remove(_ exchange: Exchange) {
        entries.withLock { _ = $0.removeValue(forKey: exchange.descriptor) }
    }

    /// Calls `visit` for each connection, none of which closes meanwhile: `visit` must not wait for anything.
    func forEach(_ visit: (Exchange, inout ConnectionWatch) -> Void) {
        entries.withLock { entries in
            var index = entries.values.startIndex
            while index != entries.values.endIndex {
                visit(entries.values[index].exchange, &entries.values[index].watch)
                entries.values.formIndex(after: &index)
            }
        }
    }

    /// Whether any request has begun and is not yet answered in full.
    var hasRequests: Bool {
        entries.withLock { $0.values.contains { $0.exchange.phase != .waiting } }
    }
}
