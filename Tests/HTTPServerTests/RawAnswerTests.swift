import Testing

@testable import HTTPServer

@Suite("An answer written past the library")
struct RawAnswerTests {
    @Test("is a whole HTTP/1.1 answer that closes")
    func serialized() {
        let response = HTTPResponse(
            status: 413, headers: [HTTPField("Content-Type", "application/problem+json")], body: Array("{}".utf8))
        #expect(
            String(decoding: RawAnswer.serialize(response, at: 784_111_777), as: UTF8.self)
                == "HTTP/1.1 413 Content Too Large\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: close\r\n"
                + "Content-Type: application/problem+json\r\nContent-Length: 2\r\n\r\n{}")
    }
}
