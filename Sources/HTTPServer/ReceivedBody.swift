/// Room for the bytes of a body while it arrives, reserved before it is taken.
enum ReceivedBody {
    /// The first room for a body, and how many times what has come the next is at most: whoever announces a body need not
    /// send it. A large one is copied once, as to copy it keeps other connections of the thread waiting.
    private static let firstBytes = 4096
    private static let growth = 8
    /// From so many bytes on, the pages of a block that nothing was written to take no memory: only those that were count.
    private static let pagedBytes = 256 * 1024
    private static let countedAtOnce = 64 * 1024

    static func makeRoom(for more: Int, in request: inout HTTPRequest, server: ServerContext) throws(HTTPRefusal) {
        let needed = request.body.count + more
        let reserved = request.memory?.count ?? 0
        guard needed > request.body.capacity || needed > reserved else { return }
        let room = needed > request.body.capacity ? room(for: needed, of: request, server) : request.body.capacity
        let counted = room < pagedBytes ? room : min(room, (needed / countedAtOnce + 1) * countedAtOnce)
        if let memory = request.memory {
            try memory.grow(by: max(0, counted - reserved))
        } else {
            request.memory = try server.memory.reserve(counted, for: request.client)
        }
        request.body.reserveCapacity(room)
    }

    private static func room(for needed: Int, of request: HTTPRequest, _ server: ServerContext) -> Int {
        let announced = request.header("Content-Length").flatMap { Int($0) } ?? server.limits.bodyBytesMax
        return max(needed, min(announced, max(growth * needed, firstBytes)))
    }
}
