import CGnuTLS
import CertificateTesting
import Glibc

/// The client's side of TLS on a connected socket.
@safe final class ClientSession {
    struct Settings {
        var authorities: String
        var own: TestAuthority.Issued?
        var versions = "NORMAL"
    }

    /// What GnuTLS says.
    struct Failure: Error { let code: Int }

    private var session: gnutls_session_t?
    private var credentials: gnutls_certificate_credentials_t?

    /// Shakes hands, and believes no server whose certificate is not by the authorities.
    init(on descriptor: CInt, _ settings: Settings) throws {
        unsafe gnutls_certificate_allocate_credentials(&credentials)
        unsafe gnutls_certificate_set_x509_trust_file(credentials, settings.authorities, GNUTLS_X509_FMT_PEM)
        if let own = settings.own {
            unsafe gnutls_certificate_set_x509_key_file(credentials, own.certificate, own.key, GNUTLS_X509_FMT_PEM)
        }
        unsafe gnutls_init(&session, UInt32(GNUTLS_CLIENT.rawValue))
        unsafe gnutls_priority_set_direct(session, settings.versions, nil)
        unsafe gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
        unsafe gnutls_session_set_verify_cert(session, nil, 0)
        unsafe gnutls_transport_set_int2(session, descriptor, descriptor)
        while true {
            let code = unsafe gnutls_handshake(session)
            if code == 0 { return }
            guard code == GNUTLS_E_INTERRUPTED || code == GNUTLS_E_WARNING_ALERT_RECEIVED else {
                throw Failure(code: Int(code))
            }
        }
    }

    deinit {
        unsafe gnutls_deinit(session)
        unsafe gnutls_certificate_free_credentials(credentials)
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        unsafe gnutls_record_send(session, bytes.baseAddress, bytes.count)
    }

    /// - Returns: 0 at the end, announced or not.
    func receive(into buffer: inout [UInt8]) throws -> Int {
        let end = ContinuousClock.now + .seconds(20)
        while true {
            let count = unsafe gnutls_record_recv(session, &buffer, buffer.count)
            switch CInt(clamping: count) {
            case GNUTLS_E_INTERRUPTED: continue
            case GNUTLS_E_PREMATURE_TERMINATION: return 0
            // A ticket of TLS 1.3 is no data.
            case GNUTLS_E_AGAIN where ContinuousClock.now < end: continue
            case ..<0: throw Failure(code: count)
            default: return count
            }
        }
    }

    func finishSending() { unsafe gnutls_bye(session, GNUTLS_SHUT_WR) }

    /// The name in the server's certificate.
    var serverName: String {
        var size: UInt32 = 0
        guard let raw = unsafe gnutls_certificate_get_peers(session, &size), size > 0 else { return "" }
        var certificate: gnutls_x509_crt_t?
        unsafe gnutls_x509_crt_init(&certificate)
        defer { unsafe gnutls_x509_crt_deinit(certificate) }
        unsafe gnutls_x509_crt_import(certificate, raw, GNUTLS_X509_FMT_DER)
        var name = [CChar](repeating: 0, count: 256)
        var count = name.count
        unsafe gnutls_x509_crt_get_dn(certificate, &name, &count)
        return String(decoding: name.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
