import Testing

@testable import Streaming

@Suite("The server's address")
struct HTTPAddressTests {
    @Test(
        "http and https addresses are accepted, with a path in front or without",
        arguments: [
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000"), ("http://localhost/", "http://localhost"),
            ("HTTP://Factory.Example:81/fish//", "http://Factory.Example:81/fish"),
            ("https://factory.example/a/b", "https://factory.example/a/b"), ("http://[::1]:8000", "http://[::1]:8000"),
        ])
    func accepted(_ text: String, _ expected: String) throws {
        #expect(try ServerAddress(text).description == expected)
    }

    @Test(
        "anything else is refused with what was given and what is accepted",
        arguments: [
            "", "127.0.0.1:8000", "localhost", "ftp://127.0.0.1", "file:///etc/passwd", "http://", "http://host:99999",
            "http://host:x", "http://host/?a=b", "http://host?", "http://host/#top", "http://ho st", "http://host/\n",
            "kafka://broker:9092",
        ])
    func refused(_ text: String) {
        let error = #expect(throws: ServerAddressError.self) { try ServerAddress(text) }
        #expect(error?.description.contains("'\(text)'") == true)
        #expect(error?.description.contains("Accepted is http://HOST:PORT") == true)
    }

    @Test("a name and a password are refused, and not repeated in the message")
    func credentials() {
        let error = #expect(throws: ServerAddressError.self) { try ServerAddress("http://anna:secret@127.0.0.1:8000") }
        #expect(error?.description.contains("secret") == false)
        #expect(error?.description.contains("anna") == false)
    }

    @Test(
        "a query value keeps its unreserved characters and has the bytes of all others escaped",
        arguments: [
            ("salmon", "salmon"), ("a+b", "a%2Bb"), ("Zander & Co", "Zander%20%26%20Co"), ("鮭", "%E9%AE%AD"),
            ("-._~09azAZ", "-._~09azAZ"), ("100%", "100%25"), ("a=b#c?d/é", "a%3Db%23c%3Fd%2F%C3%A9"),
            ("\u{0}\u{7F}\n", "%00%7F%0A"), ("1e+16", "1e%2B16"), ("", ""),
        ])
    func percentEncoding(_ text: String, _ expected: String) {
        #expect(text.percentEncoded == expected)
    }
}
