import Documents
import HTTPServer

/// The answers to the rows of a body, in their form and order, in memory that is reserved before it is taken.
struct RowsAnswer {
    private let form: RowsBody.Form
    private let memory: MemoryReservation?
    private var body: [UInt8] = []
    private var problemCount = 0

    /// - Parameter memory: of the request; nil where nobody counts it.
    init(_ form: RowsBody.Form, memory: MemoryReservation?) {
        self.form = form
        self.memory = memory
    }

    /// Beyond so many problems, null stands in the place of each further.
    mutating func append(_ problem: Problem) throws(Problem) {
        problemCount += 1
        try append(problemCount <= RowsBody.problemsMax ? problem.document : .null)
    }

    mutating func append(_ answer: JSON) throws(Problem) {
        let bytes = answer.bytes
        try makeRoom(for: bytes.count + 2)
        if form == .array { body.append(UInt8(ascii: body.isEmpty ? "[" : ",")) }
        body += bytes
        if form == .lines { body.append(0x0A) }
    }

    private mutating func makeRoom(for more: Int) throws(Problem) {
        let needed = body.count + more
        guard let memory, needed > memory.count else { return }
        let room = max(2 * needed, Self.firstBytes)
        do throws(HTTPRefusal) {
            try memory.grow(by: room - memory.count)
        } catch {
            throw Problem(error)
        }
        body.reserveCapacity(room)
    }

    private static let firstBytes = 4096

    var response: HTTPResponse {
        let type = form == .lines ? "application/x-ndjson" : "application/json"
        var text = body
        if form == .array { text += Array((body.isEmpty ? "[]" : "]").utf8) }
        var response = HTTPResponse(status: 200, headers: [HTTPField("Content-Type", type)], body: text)
        response.memory = memory
        return response
    }
}

extension Problem {
    /// Of a request that the server itself has no room for.
    init(_ refusal: HTTPRefusal) {
        self.init(refusal.status, refusal.detail, headers: [HTTPField("Retry-After", "1")])
    }
}
