import CGnuTLS
import Glibc
import Threading

/// Where a server's certificate is.
package struct TLSFiles: Sendable {
    /// PEM: the certificate, then those that lead from it to one that clients know.
    package var certificate: String
    /// PEM, not encrypted.
    package var key: String
    /// PEM: whoever shows a certificate that one of these has signed is let in, and nobody else. Nil asks for none.
    package var clientAuthorities: String?

    package init(certificate: String, key: String, clientAuthorities: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientAuthorities = clientAuthorities
    }
}

/// A certificate and its key as GnuTLS holds them.
///
/// Unchecked: nothing is changed after the start, and GnuTLS lets sessions of several threads share credentials that are
/// only read ("credentials structures may be shared between sessions", its manual, 2.3).
@safe package final class TLSCredentials: @unchecked Sendable {
    /// When the certificate ends, in seconds since 1970; nil where it does not say.
    package let expiry: Int?
    private let handle: gnutls_certificate_credentials_t
    private let asksClients: Bool

    /// - Throws: `TLSProblem` that names the file.
    package init(_ files: TLSFiles) throws(TLSProblem) {
        for path in [files.certificate, files.key, files.clientAuthorities].compactMap(\.self) {
            try Self.checkReadable(path)
        }
        var made: gnutls_certificate_credentials_t?
        guard unsafe gnutls_certificate_allocate_credentials(&made) == 0, let made = unsafe made else {
            throw TLSProblem("no memory for a certificate")
        }
        unsafe handle = unsafe made
        asksClients = files.clientAuthorities != nil
        do throws(TLSProblem) {
            try unsafe Self.load(files, into: made)
        } catch {
            // What follows is not run where an initializer throws before all is set.
            unsafe gnutls_certificate_free_credentials(made)
            throw error
        }
        expiry = unsafe Self.expiry(of: made)
    }

    deinit {
        unsafe gnutls_certificate_free_credentials(handle)
    }

    /// Makes a session that has not begun use this certificate, and turn away clients that it says are not to come.
    func guardSession(_ session: gnutls_session_t) -> Bool {
        guard unsafe gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(handle)) == 0
        else {
            return false
        }
        if asksClients {
            unsafe gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE)
            unsafe gnutls_session_set_verify_cert(session, nil, 0)
        }
        return true
    }

    private static func load(_ files: TLSFiles, into handle: gnutls_certificate_credentials_t) throws(TLSProblem) {
        let code = unsafe gnutls_certificate_set_x509_key_file(
            handle, files.certificate, files.key, GNUTLS_X509_FMT_PEM)
        guard code >= 0 else {
            throw TLSProblem(
                "\(files.certificate) and \(files.key) are no certificate with its key, in PEM: \(text(code))")
        }
        guard let authorities = files.clientAuthorities else { return }
        let count = unsafe gnutls_certificate_set_x509_trust_file(handle, authorities, GNUTLS_X509_FMT_PEM)
        guard count > 0 else {
            throw TLSProblem("\(authorities) holds no certificate in PEM" + (count < 0 ? ": \(text(count))" : ""))
        }
    }

    private static func checkReadable(_ path: String) throws(TLSProblem) {
        guard unsafe access(path, R_OK) == 0 else {
            throw TLSProblem("\(path) cannot be read: \(unsafe String(cString: strerror(errno)))")
        }
    }

    private static func expiry(of handle: gnutls_certificate_credentials_t) -> Int? {
        var raw = unsafe gnutls_datum_t()
        var certificate: gnutls_x509_crt_t?
        guard unsafe gnutls_certificate_get_crt_raw(handle, 0, 0, &raw) == 0,
            unsafe gnutls_x509_crt_init(&certificate) == 0
        else { return nil }
        defer { unsafe gnutls_x509_crt_deinit(certificate) }
        guard unsafe gnutls_x509_crt_import(certificate, &raw, GNUTLS_X509_FMT_DER) == 0 else { return nil }
        let seconds = unsafe gnutls_x509_crt_get_expiration_time(certificate)
        return seconds == -1 ? nil : seconds
    }

    private static func text(_ code: CInt) -> String {
        unsafe gnutls_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}

/// Why a certificate cannot be used: names the file, and holds nothing of it.
package struct TLSProblem: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// The certificate that new connections get; those that are open keep theirs.
final class TLSIdentity: Sendable {
    private let credentials: Lock<TLSCredentials>

    init(_ credentials: TLSCredentials) {
        self.credentials = Lock(credentials)
    }

    var current: TLSCredentials { credentials.withLock { $0 } }

    func renew(_ renewed: TLSCredentials) { credentials.withLock { $0 = renewed } }
}
