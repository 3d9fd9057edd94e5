import Foundation
import Testing

@testable import Program
@testable import Tare

@Suite("Who may do what")
struct AccessDecisionTests {
    private static let long = "0123456789abcdef"

    private static func table() throws -> TokenTable {
        try TokenFile.tokens(in: "read \(long)r reader\nwrite \(long)w writer\nwrite short guessable")
    }

    private func decide(_ role: Role, _ credentials: Credentials, wait: Duration? = nil) throws -> AccessDecision {
        AccessDecision(for: role, credentials, among: try Self.table()) { wait }
    }

    private static func secret(_ text: String) -> Credentials { .secret(Array(text.utf8)[...]) }

    @Test("write includes read, and read is no write")
    func roles() throws {
        let table = try Self.table()
        #expect(try decide(.read, Self.secret(Self.long + "r")) == .allowed)
        #expect(try decide(.write, Self.secret(Self.long + "r")) == .forbidden(table.tokens[0]))
        #expect(try decide(.read, Self.secret(Self.long + "w")) == .allowed)
        #expect(try decide(.write, Self.secret(Self.long + "w")) == .allowed)
    }

    @Test("nobody, a wrong token and what is no credential are three things or two")
    func refused() throws {
        #expect(try decide(.read, .none) == .nobody)
        #expect(try decide(.read, Self.secret("wrong")) == .wrongToken)
        #expect(try decide(.read, .unreadable) == .wrongToken)
    }

    @Test(
        "what is a part of a token, longer, or another in one byte is wrong",
        arguments: [
            "", "s", "shor", "shortx", "shortshort", "Short", "shoru", long, long + "x", long + "rr", long + "r" + long,
        ])
    func almost(_ secret: String) throws {
        #expect(try decide(.read, Self.secret(secret)) == .wrongToken)
    }

    @Test("while an address waits, a wrong token and a right short one get the same answer, and a long one is let in")
    func limited() throws {
        let wait = Duration.seconds(3)
        #expect(try decide(.write, Self.secret("wrong"), wait: wait) == .limited(wait))
        #expect(try decide(.write, Self.secret("short"), wait: wait) == .limited(wait))
        #expect(try decide(.write, Self.secret("short")) == .allowed)
        #expect(try decide(.write, Self.secret(Self.long + "w"), wait: wait) == .allowed)
        #expect(try decide(.read, .none, wait: wait) == .nobody)
    }

    @Test(
        "a token comes as Bearer, or as the password of Basic behind any name",
        arguments: [
            ("Bearer abc", "abc"), ("bearer   a.b-c=", "a.b-c="), ("BASIC \(base64("sink:abc"))", "abc"),
            ("Basic \(base64(":a:b"))", "a:b"), ("Basic \(base64("sink:"))", ""), ("Bearer a b", "a b"),
        ])
    func credentials(_ value: String, _ secret: String) {
        #expect(Credentials(value: Array(value.utf8)[...], count: 1) == Self.secret(secret))
    }

    @Test(
        "anything else is no credential",
        arguments: [
            "", "Bearer", "Bearer ", "Basic abc", "Basic \(base64("no colon"))", "Basic %%%", "Digest x", "abc",
            "[earer x",
        ])
    func unreadable(_ value: String) {
        #expect(Credentials(value: Array(value.utf8)[...], count: 1) == .unreadable)
    }

    @Test("two fields are no credential, and none is nobody")
    func count() {
        #expect(Credentials(value: Array("Bearer abc".utf8)[...], count: 2) == .unreadable)
        #expect(Credentials(value: nil, count: 0) == .none)
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}

@Suite("Wrong tokens from one address")
struct FailureLimiterTests {
    private let start = ContinuousClock.now

    @Test("ten are looked at at once, then one in six seconds, and after a minute ten again")
    func pace() {
        var limiter = FailureLimiter<String>(triesMax: 10)
        func tries(_ seconds: Double) -> Int {
            let now = start + .seconds(seconds)
            var count = 0
            while limiter.wait(for: "a", at: now) == nil, count < 100 {
                limiter.note("a", at: now)
                count += 1
            }
            return count
        }
        #expect(tries(0) == 10)
        #expect(limiter.wait(for: "a", at: start) == .seconds(6))
        #expect(limiter.wait(for: "a", at: start + .seconds(5)) == .seconds(1))
        #expect(limiter.wait(for: "b", at: start) == nil)
        #expect(tries(5.9) == 0)
        #expect(tries(6) == 1)
        #expect(tries(18) == 2)
        #expect(tries(78) == 10)
    }

    @Test("the memory is bounded, and those who failed most are remembered longest")
    func bounded() {
        var limiter = FailureLimiter<Int>(triesMax: 10)
        for _ in 0..<10 { limiter.note(-1, at: start) }
        for address in 0..<100_000 {
            limiter.note(address, at: start)
            #expect(limiter.count <= FailureLimiter<Int>.addressesMax)
        }
        #expect(limiter.wait(for: -1, at: start) == .seconds(6))
    }
}
