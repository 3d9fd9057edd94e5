import HTTPServer
import Program

/// A body that grows, in memory that is reserved before it is taken.
struct ReservedBytes {
    private static let firstBytes = 4096

    private let memory: MemoryReservation?
    /// Of the reservation, what other things take.
    private let others: Int
    private var bytes: [UInt8] = []
    /// How many bytes find room in what is reserved for them.
    private var room: Int

    /// - Parameter memory: of the request, with what it holds already; nil where nobody counts it.
    init(_ memory: MemoryReservation?) {
        self.memory = memory
        others = memory?.count ?? 0
        room = memory == nil ? .max : 0
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// - Throws: 429 or 503 where there is no room for it.
    mutating func append(_ more: some Collection<UInt8>) throws(Problem) {
        try makeRoom(for: more.count)
        bytes += more
    }

    /// Appends what `write` appends, at most so many bytes.
    @inline(__always)
    mutating func append(upTo count: Int, _ write: (inout OutputSpan<UInt8>) -> Void) throws(Problem) {
        try makeRoom(for: count)
        bytes.append(addingCapacity: count) { write(&$0) }
    }

    @inline(__always)
    private mutating func makeRoom(for count: Int) throws(Problem) {
        let needed = bytes.count + count
        guard let memory, needed > room else { return }
        let more = max(2 * needed, Self.firstBytes)
        do throws(HTTPRefusal) {
            try memory.grow(by: more - (memory.count - others))
        } catch {
            throw Problem(error)
        }
        room = more
        bytes.reserveCapacity(more)
    }

    mutating func append(_ text: String) throws(Problem) { try append(text.utf8) }

    /// Appends the few bytes that end it.
    mutating func close(with text: String) { bytes += text.utf8 }

    func response(type: String) -> HTTPResponse {
        var response = HTTPResponse(status: 200, headers: [HTTPField("Content-Type", type)], body: bytes)
        response.memory = memory
        return response
    }
}
