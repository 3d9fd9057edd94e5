import CertificateTesting
import Foundation
import ModelService
import MongoTesting
import Specification
import Testing

@testable import Storage

/// What libmongoc offers of TLS is asked for in the URI; here with a database that speaks nothing else.
@Suite(
    "MongoDB over TLS",
    .enabled(if: MongoServer.canStart && TestAuthority.isPossible, "\(MongoServer.noneToKill), or no openssl"),
    .timeLimit(.minutes(40)))
struct MongoTLSTests {
    private let authority: TestAuthority
    private let server: MongoServer
    /// PEM: a certificate and its key in one file, as MongoDB's programs want it.
    private let own: String

    init() throws {
        authority = try TestAuthority()
        own = try Self.joined(try authority.issue("mongod"))
        server = try MongoServer(
            options: ["--tlsMode", "requireTLS", "--tlsCertificateKeyFile", own, "--tlsCAFile", authority.certificate],
            uriOptions: "?tls=true&tlsCAFile=\(authority.certificate)&tlsCertificateKeyFile=\(own)")
    }

    private static func joined(_ issued: TestAuthority.Issued) throws -> String {
        let text = try [issued.certificate, issued.key].map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
        try text.write(toFile: issued.certificate + ".both", atomically: true, encoding: .utf8)
        return issued.certificate + ".both"
    }

    @Test("rows are kept over TLS, with the authority and the certificate that the URI names")
    func kept() throws {
        try MongoFixture(uri: server.uri).withStore { store throws in
            #expect(try store.record(Sample.rows(0..<10)).newCount == 10)
            #expect(try store.newest(1) == Sample.rows([9]))
        }
    }

    @Test("without TLS, with another authority, and without the certificate that is asked for, nothing is recorded")
    func refused() throws {
        let other = try TestAuthority()
        for options in [
            "", "?tls=true", "?tls=true&tlsCAFile=\(other.certificate)&tlsCertificateKeyFile=\(own)",
            "?tls=true&tlsCAFile=\(authority.certificate)",
        ] {
            let uri = "mongodb://127.0.0.1:\(server.port)/\(options)"
            let store = try openStore(
                .mongo(MongoFixture(uri: uri).location), specification: Sample.fish, log: { _ in })
            defer { store.close() }
            #expect(throws: StoreError.self, "\(options)") { try store.record(Sample.rows([1])) }
        }
    }
}
