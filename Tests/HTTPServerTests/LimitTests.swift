import Glibc
import HTTPServer
import Testing

@Suite("A live server keeps to its limits", .timeLimit(.minutes(40)))
struct LimitTests {
    @Test("on the URL: 414", arguments: [(100, 200), (101, 414), (3000, 414)])
    func url(bytes: Int, status: Int) throws {
        let server = try TestServer(limits { $0.urlBytesMax = 100 })
        let target = "/" + String(repeating: "a", count: bytes - 1)
        let answer = try server.answer(to: request("GET \(target)"))
        #expect(answer.status == status)
        #expect(answer.isProblem == (status != 200))
    }

    @Test("on the head: 431", arguments: [(2000, 200), (2001, 431), (4000, 431)])
    func head(bytes: Int, status: Int) throws {
        let server = try TestServer(
            limits {
                $0.urlBytesMax = 100
                $0.headerBytesMax = 2000
            })
        let empty = request("GET /", headers: ["X: "])
        let value = String(repeating: "v", count: bytes - empty.utf8.count)
        let answer = try server.answer(to: request("GET /", headers: ["X: " + value]))
        #expect(answer.status == status)
        #expect(answer.isProblem == (status != 200))
    }

    @Test("on the number of header fields: 431", arguments: [(5, 5, 200), (5, 6, 431), (40, 40, 200), (40, 41, 431)])
    func fields(max: Int, count: Int, status: Int) throws {
        let server = try TestServer(limits { $0.headerFieldsMax = max })
        let answer = try server.answer(to: request("GET /", headers: Array(repeating: "X: y", count: count - 1)))
        #expect(answer.status == status)
    }

    @Test("which the default settings allow to be used in full")
    func fullHead() throws {
        let server = try TestServer()
        let limits = HTTPLimits()
        var headers = (0..<limits.headerFieldsMax - 2).map { "X-\($0): \(String(repeating: "v", count: 40))" }
        let used = request("GET /", headers: headers + ["X: "]).utf8.count
        headers.append("X: " + String(repeating: "v", count: limits.headerBytesMax - used))
        #expect(try server.answer(to: request("GET /", headers: headers)).status == 200)
        let target =
            "/?" + String(repeating: "a=%41&", count: 200) + String(repeating: "a", count: limits.urlBytesMax - 1202)
        #expect(try server.answer(to: request("GET \(target)")).status == 200)
    }

    @Test("on a body of a known length: 413 before a byte of it is read", arguments: [0, 50_000, 30_000_000])
    func knownLength(sent: Int) throws {
        let server = try TestServer(limits { $0.bodyBytesMax = 1000 })
        let client = try server.client()
        try client.send(request("POST /", headers: ["Content-Length: 30000000"]))
        try? client.send([UInt8](repeating: 120, count: sent))
        let answer = try client.answer()
        #expect(answer.status == 413)
        #expect(answer.isProblem)
        #expect(client.isClosed())
    }

    @Test("on a chunked body: 413 in the middle of it", arguments: [1001, 50_000, 30_000_000])
    func chunkedLength(sent: Int) throws {
        let server = try TestServer(limits { $0.bodyBytesMax = 1000 })
        let client = try server.client()
        try client.send(request("POST /", headers: ["Transfer-Encoding: chunked"]))
        try? client.send("\(String(sent, radix: 16))\r\n")
        try? client.send([UInt8](repeating: 120, count: sent))
        let answer = try client.answer()
        #expect(answer.status == 413)
        #expect(answer.isProblem)
        #expect(answer.headers["connection"] == "close")
        #expect(client.isClosed())
    }

    @Test("on a body of exactly the limit", arguments: ["Content-Length: 1000", "Transfer-Encoding: chunked"])
    func exactLength(header: String) throws {
        let server = try TestServer(limits { $0.bodyBytesMax = 1000 })
        let body = String(repeating: "x", count: 1000)
        let sent = header.hasPrefix("C") ? body : "3e8\r\n\(body)\r\n0\r\n\r\n"
        #expect(try server.answer(to: request("POST /", headers: [header], body: sent)).status == 200)
    }

    @Test("on all bodies together: 503, and the room is given back")
    func bufferedBytes() throws {
        let pile = Pile()
        let server = try TestServer(
            limits {
                $0.bodyBytesMax = 100_000
                $0.bufferedBytesMax = 150_000
            }, handler: { request in .later { pile.add($0, text("\(request.body.count)")) } })
        let body = String(repeating: "x", count: 100_000)
        let whole = request("POST /", headers: ["Content-Length: \(body.count)"], body: body)
        let first = try server.client()
        try first.send(whole)
        // A body is held until its request is answered.
        #expect(eventually { pile.count == 1 })
        // Of another address, as one may hold no more than a body here.
        let other = try server.client(source: 2)
        try other.send(whole)
        #expect(try other.answer().status == 503)
        pile.answerAll()
        #expect(try first.answer().text == "100000")
        let second = try server.client()
        try second.send(whole)
        #expect(eventually { pile.count == 1 })
        pile.answerAll()
        #expect(try second.answer().text == "100000")
    }

    @Test(
        "on the time for a request, however steadily it drips: 408",
        arguments: [
            "G", "GET /slow HTTP/1.1\r\n", "GET /slow HTTP/1.1\r\nHost: h\r\nX: ",
            "POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 10000\r\n\r\n",
            "POST /slow HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2710\r\n",
        ], [false, true])
    func dripping(start: String, isLaterRequest: Bool) throws {
        let server = try TestServer(limits { $0.requestSecondsMax = 1 })
        let client = try server.client()
        if isLaterRequest {
            try client.send(request("GET /first"))
            #expect(try client.answer().status == 200)
            // The next request must not be there yet when the server looks after this connection again.
            usleep(600_000)
        }
        try client.send(start)
        #expect(
            eventually {
                if client.hasAnswer(within: 100) { return true }
                try? client.send("x")
                return false
            })
        let answer = try client.answer()
        #expect(answer.status == 408)
        #expect(answer.isProblem)
        #expect(client.isClosed())
    }

    @Test("on the time that a new connection may be silent")
    func silent() throws {
        let server = try TestServer(limits { $0.requestSecondsMax = 1 })
        #expect(try server.client().isClosed())
    }

    @Test("on the time between two requests, and no sooner than that")
    func idle() throws {
        let server = try TestServer(
            limits {
                $0.requestSecondsMax = 1
                $0.connectionSecondsMax = 3
            })
        let client = try server.client()
        try client.send(request("GET /"))
        #expect(try client.answer().status == 200)
        #expect(!client.hasAnswer(within: 2000))
        #expect(client.isClosed())
    }

    @Test("on the time that a client may take to accept its answer")
    func slowReader() throws {
        let server = try TestServer(threads: 1, limits { $0.responseSecondsMax = 1 }) { request in
            .now(text(String(repeating: "x", count: request.path == "/big" ? 20_000_000 : 1)))
        }
        let client = try server.client(receiveBytes: 4096)
        try client.send(request("GET /big"))
        #expect(eventually { server.log.lines.contains { $0.contains("did not take its answer") } })
        #expect(throws: RawClient.Failure.self) { try client.answer() }
        #expect(try server.answer(to: request("GET /")).status == 200)
    }
}
