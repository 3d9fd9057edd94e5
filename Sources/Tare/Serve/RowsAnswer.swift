import Documents
import HTTPServer
import Program

/// The answers to the rows of a body, in their form and order, in memory that is reserved before it is taken.
struct RowsAnswer {
    private let form: RowsBody.Form
    private var body: ReservedBytes
    private var problemCount = 0

    /// - Parameter memory: of the request; nil where nobody counts it.
    init(_ form: RowsBody.Form, memory: MemoryReservation?) {
        self.form = form
        body = ReservedBytes(memory)
    }

    /// Beyond so many problems, null stands in the place of each further.
    mutating func append(_ problem: Problem) throws(Problem) {
        problemCount += 1
        try append(problemCount <= RowsBody.problemsMax ? problem.document : .null)
    }

    mutating func append(_ answer: JSON) throws(Problem) {
        if form == .array { try body.append(body.isEmpty ? "[" : ",") }
        try body.append(answer.bytes)
        if form == .lines { try body.append("\n") }
    }

    /// Appends an answer that `write` appends, in at most so many bytes.
    @inline(__always)
    mutating func append(upTo count: Int, _ write: (inout OutputSpan<UInt8>) -> Void) throws(Problem) {
        let (form, isFirst) = (form, body.isEmpty)
        try body.append(upTo: count + 1) { bytes in
            if form == .array { bytes.append(isFirst ? UInt8(ascii: "[") : UInt8(ascii: ",")) }
            write(&bytes)
            if form == .lines { bytes.append(0x0A) }
        }
    }

    var response: HTTPResponse {
        var body = body
        if form == .array { body.close(with: body.isEmpty ? "[]" : "]") }
        return body.response(type: form == .lines ? "application/x-ndjson" : "application/json")
    }
}

extension Problem {
    /// Of a request that the server itself has no room for.
    init(_ refusal: HTTPRefusal) {
        self.init(refusal.status, refusal.detail, headers: [HTTPField("Retry-After", "1")])
    }
}
