import Documents
import EventTesting
import Foundation
import Regression
import Specification
import Testing
import Threading

@testable import EventProcessing
@testable import Streaming

/// Every test ends: the client's longest wait is far below the suite's limit.
@Suite("The HTTP client against a raw socket", .timeLimit(.minutes(40)))
struct HTTPClientTests {
    private static func row(_ identifier: String) -> [UInt8] { Array(#"{"Shoe_Id":"\#(identifier)"}"#.utf8) }

    private static let good = #"{"Size":42.5,"Fitted":"2021-06-02 07:48:52"}"#

    private func client(
        _ url: String, answerMilliseconds: Int = 20_000, answerBytesMax: Int = 1 << 16
    ) throws -> CurlModelClient {
        var limits = CurlModelClient.Limits()
        limits.answerMilliseconds = answerMilliseconds
        limits.connection.answerBytesMax = answerBytesMax
        return CurlModelClient(server: try ServerAddress(url), specification: .shoe, limits: limits)
    }

    @Test("a hundred predictions use one connection")
    func keepAlive() throws {
        let server = try HTTPTestServer(answering: HTTPTestServer.response(200, Self.good))
        defer { server.stop() }
        let client = try client(server.url)
        for _ in 0..<100 {
            #expect(try client.predict(predictors: [26.5, 9], levels: ["x"]).value == 42.5)
        }
        #expect(server.requests.count == 100)
        #expect(server.connections == 1)
    }

    @Test("many predictions are one request; where the server answers otherwise, there are none")
    func many() throws {
        for (body, expected) in [
            ("[\(Self.good),\(Self.good)]", [42.5, 42.5]), ("[\(Self.good)]", nil), (Self.good, nil),
        ] {
            let server = try HTTPTestServer(answering: HTTPTestServer.response(200, body))
            defer { server.stop() }
            let measurements = [([26.5, 9], "x"), ([27, 1e-5], "y")].map { predictors, level in
                Measurement(identifier: "1", level: level, predictors: predictors, timestampText: nil, time: 0)
            }
            let predictions = try client(server.url).predict(many: measurements)
            #expect(predictions?.map(\.value) == expected)
            #expect(server.requests.map(\.line) == ["POST /prediction HTTP/1.1"])
            let bodies = server.requests.map { String(decoding: $0.body, as: UTF8.self) }
            #expect(
                bodies == [
                    #"[{"FootLength":26.5,"Width":9.0,"Maker":"x"},{"FootLength":27.0,"Width":1.0E-5,"Maker":"y"}]"#
                ])
        }
    }

    @Test("a connection that the server closed between two calls is opened again")
    func reconnects() throws {
        let server = try HTTPTestServer { connection in
            _ = connection.readRequest()
            connection.write(HTTPTestServer.response(200, Self.good))
        }
        defer { server.stop() }
        let client = try client(server.url)
        for _ in 0..<3 { _ = try client.predict(predictors: [26.5, 9], levels: ["x"]) }
        #expect(server.connections == 3)
    }

    @Test(
        "the parameters carry the specification's names, and odd levels arrive whole",
        arguments: [
            ("a+b", "a%2Bb"), ("Zander & Co", "Zander%20%26%20Co"), ("鮭", "%E9%AE%AD"), ("../#?", "..%2F%23%3F"),
            ("", ""),
        ])
    func parameters(_ level: String, _ encoded: String) throws {
        let server = try HTTPTestServer(answering: HTTPTestServer.response(200, Self.good))
        defer { server.stop() }
        _ = try client(server.url + "/shop/").predict(predictors: [26.5, 1e-5], levels: [level])
        #expect(
            server.requests.map(\.line)
                == ["GET /shop/prediction?foot%20length=26.5&width=1e-05&maker%26co=\(encoded) HTTP/1.1"])
    }

    @Test("one observation is posted as an object, more as an array, none not at all")
    func record() throws {
        let server = try HTTPTestServer(answering: HTTPTestServer.response(200, #"{"recorded":1}"#))
        defer { server.stop() }
        let client = try client(server.url)
        try client.record([])
        try client.record([Self.row("1")])
        try client.record([Self.row("1"), Self.row("2")])
        let bodies = server.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(bodies == [#"{"Shoe_Id":"1"}"#, #"[{"Shoe_Id":"1"},{"Shoe_Id":"2"}]"#])
        #expect(server.requests[0].line == "POST /observations HTTP/1.1")
        #expect(server.requests[0].head.contains("\r\nContent-Type: application/json\r\n"))
    }

    @Test("the token is sent with every call, and read anew where the server does not accept it")
    func token() throws {
        let server = try HTTPTestServer { connection in
            while let request = connection.readRequest() {
                let isGood = request.head.contains("\r\nAuthorization: Bearer second\r\n")
                connection.write(HTTPTestServer.response(isGood ? 200 : 401, isGood ? Self.good : #"{"detail":"no"}"#))
            }
        }
        defer { server.stop() }
        let tokens = Lock(["first", "second", "third"])
        var credentials = ServerCredentials()
        credentials.token = { tokens.withLock { $0.removeFirst() } }
        let client = CurlModelClient(
            server: try ServerAddress(server.url), specification: .shoe, credentials: credentials)
        for _ in 0..<2 { #expect(try client.predict(predictors: [26.5, 9], levels: ["x"]).value == 42.5) }
        #expect(try client.train(["Note": "x"])["Size"] == 42.5)
        let sent = server.requests.map { request in
            request.head.split(separator: "\r\n").first { $0.hasPrefix("Authorization") }.map(String.init) ?? ""
        }
        #expect(
            sent == ["Authorization: Bearer first"] + Array(repeating: "Authorization: Bearer second", count: 3))
    }

    @Test("a body of 2 MB is sent at once, without asking for leave")
    func largeBody() throws {
        let server = try HTTPTestServer(answering: HTTPTestServer.response(200, #"{"status":"retrained"}"#))
        defer { server.stop() }
        let text = String(repeating: "x", count: 2_000_000)
        #expect(try client(server.url).train(["Note": .string(text)])["status"] == "retrained")
        #expect(server.requests[0].body.count == text.utf8.count + 11)
        #expect(!server.requests[0].head.lowercased().contains("expect"))
    }

    @Test("a refusal does not spoil the next call on the same connection, nor a POST the next GET")
    func refusalThenSuccess() throws {
        let server = try HTTPTestServer { connection in
            while let request = connection.readRequest() {
                let isGood = request.line.hasPrefix("GET")
                connection.write(HTTPTestServer.response(isGood ? 200 : 422, isGood ? Self.good : #"{"detail":"no"}"#))
            }
        }
        defer { server.stop() }
        let client = try client(server.url)
        for _ in 0..<2 {
            #expect(throws: ModelClientError.refused(status: 422, "POST /observations at \(server.url): no")) {
                try client.record([Self.row("1")])
            }
            #expect(try client.predict(predictors: [1, 2], levels: ["x"]).modelTime == "2021-06-02 07:48:52")
        }
        #expect(server.connections == 1)
    }

    @Test("IPv6 works", .enabled(if: hasIPv6, "this machine has no IPv6 loopback"))
    func ipv6() throws {
        let server = try HTTPTestServer(.ipv6, answering: HTTPTestServer.response(200, Self.good))
        defer { server.stop() }
        #expect(try client("http://[::1]:\(server.port)").predict(predictors: [1, 2], levels: ["x"]).value == 42.5)
    }

    private static let hasIPv6: Bool = {
        guard let server = try? HTTPTestServer(.ipv6, answering: "") else { return false }
        server.stop()
        return true
    }()
}

/// Servers that are away, slow or broken: each call ends with `.unavailable` and a sentence.
@Suite("The HTTP client and a server that fails", .timeLimit(.minutes(40)))
struct HTTPFailureTests {
    struct Failure: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sentence: String
        let script: @Sendable (HTTPTestServer.Connection) -> Void

        init(_ name: String, _ sentence: String, _ script: @escaping @Sendable (HTTPTestServer.Connection) -> Void) {
            (testDescription, self.sentence, self.script) = (name, sentence, script)
        }
    }

    static let failures = [
        Failure("closes at once", "the connection was closed without an answer") { _ = $0.readRequest() },
        Failure(
            "breaks in the head",
            "answered 200 with something that is not JSON: no JSON value: the text is empty at byte 0"
        ) {
            _ = $0.readRequest()
            $0.write("HTTP/1.1 200 OK\r\nContent-Le")
        },
        Failure("breaks in the body", "the connection broke before the answer's end") {
            _ = $0.readRequest()
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Size\":4")
        },
        Failure("breaks in a chunk", "the connection broke before the answer's end") {
            _ = $0.readRequest()
            $0.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"Siz")
        },
        Failure("says a length above the bound", "the answer is larger than 4096 bytes") {
            _ = $0.readRequest()
            $0.write(HTTPTestServer.response(200, String(repeating: " ", count: 5000)))
            $0.waitUntilClientCloses()
        },
        Failure("sends without end", "the answer is larger than 4096 bytes") {
            _ = $0.readRequest()
            $0.write("HTTP/1.1 200 OK\r\n\r\n")
            while $0.write(String(repeating: " ", count: 1000)) {}
        },
        Failure("sends headers without end", "the answer is larger than 4096 bytes") {
            _ = $0.readRequest()
            $0.write("HTTP/1.1 200 OK\r\n")
            while $0.write("X-More: \(String(repeating: "x", count: 100))\r\n") {}
        },
        Failure("speaks something else", "the answer is not HTTP") {
            _ = $0.readRequest()
            $0.write("SSH-2.0-OpenSSH_9.2\r\n")
        },
        Failure("redirects", "answered 307: redirects are not followed, give the final address") {
            _ = $0.readRequest()
            $0.write(HTTPTestServer.response(307, "", headers: ["Location: http://127.0.0.1:1/"]))
            $0.waitUntilClientCloses()
        },
        Failure("is overloaded", "answered 503: the store is busy") {
            _ = $0.readRequest()
            $0.write(HTTPTestServer.response(503, #"{"detail":"the store is busy"}"#))
            $0.waitUntilClientCloses()
        },
    ]

    @Test("a server that fails is unavailable, and the sentence says how", arguments: failures)
    func fails(_ failure: Failure) throws {
        let server = try HTTPTestServer(script: failure.script)
        defer { server.stop() }
        let isAnswered = failure.sentence.hasPrefix("answered")
        let sentence = "GET /prediction at \(server.url)\(isAnswered ? " " : ": ")\(failure.sentence)"
        #expect(throws: ModelClientError.unavailable(sentence)) { try predict(server.url, answerMilliseconds: 20_000) }
        #expect(server.requests.count == 1)
    }

    @Test(
        "a server that never answers, or never ends its answer, is given up",
        arguments: ["", "HTTP/1.1 200 OK\r\n\r\n{"])
    func timeout(_ beginning: String) throws {
        let server = try HTTPTestServer { connection in
            _ = connection.readRequest()
            connection.write(beginning)
            connection.waitUntilClientCloses()
        }
        defer { server.stop() }
        #expect(throws: ModelClientError.unavailable("GET /prediction at \(server.url): no answer within 200 ms")) {
            try predict(server.url, answerMilliseconds: 200)
        }
    }

    @Test("a port where nobody listens is unavailable")
    func nobodyListens() throws {
        let server = try HTTPTestServer(answering: "")
        server.stop()
        let error = #expect(throws: ModelClientError.self) { try predict(server.url, answerMilliseconds: 20_000) }
        #expect(error == .unavailable("GET /prediction at \(server.url): no connection: Connection refused"))
    }

    @Test("https towards a server that does not speak it is unavailable")
    func notTLS() throws {
        let server = try HTTPTestServer { connection in
            connection.write(HTTPTestServer.response(400, ""))
        }
        defer { server.stop() }
        let error = #expect(throws: ModelClientError.self) {
            try predict("https://127.0.0.1:\(server.port)", answerMilliseconds: 20_000)
        }
        guard case .unavailable = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    private func predict(_ url: String, answerMilliseconds: Int) throws {
        var limits = CurlModelClient.Limits()
        limits.answerMilliseconds = answerMilliseconds
        limits.connection.answerBytesMax = 4096
        let client = CurlModelClient(server: try ServerAddress(url), specification: .shoe, limits: limits)
        _ = try client.predict(predictors: [1, 2], levels: ["x"])
    }
}
