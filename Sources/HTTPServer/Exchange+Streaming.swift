import CMicroHTTPD

/// Answers that are streams.
extension Exchange {
    /// Answers with a stream, which is told of the connection before anybody can send.
    func queue(_ head: HTTPResponse, _ work: (HTTPStream) -> Void, to request: HTTPRequest) -> MHD_Result {
        // The library would end the body, which an answer to HEAD has not.
        if request.method == "HEAD" { return queue(HTTPResponse(status: head.status, headers: head.headers)) }
        guard let stream = server.streams.open(on: descriptor) else {
            let refusal = HTTPRefusal(status: 503, detail: "too many streams are open; try again")
            return queue(server.refuse(refusal, of: request))
        }
        self.stream = stream
        stream.begin(on: self)
        let made = unsafe Self.completed(stream.libraryResponse, with: head.headers, closing: false)
        guard let made = unsafe made else {
            endStream()
            let refusal = HTTPRefusal(status: 500, detail: "the answer could not be sent")
            return queue(server.refuse(refusal, of: request))
        }
        defer { unsafe MHD_destroy_response(made) }
        _ = advance(to: .streaming)
        stream.send(head.body)
        work(stream)
        server.caretaker.interrupt()
        return unsafe MHD_queue_response(connection, UInt32(head.status), made)
    }

    /// Also for a stream whose connection is closed.
    func endStream() {
        if let stream = stream.take() { server.streams.remove(stream) }
    }
}
