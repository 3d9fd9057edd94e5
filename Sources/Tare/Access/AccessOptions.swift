import ArgumentParser
import HTTPServer
import Program

/// Who may ask `tare serve`.
struct AccessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who may do what: a line for each token, 'read TOKEN' or 'write TOKEN', and a name behind it. Read again on SIGHUP.",
            valueName: "file"), completion: .file())
    var tokenFile: String?

    @Flag(help: "Let everybody who reaches an address that is not loopback do everything, without tokens.")
    var insecure = false

    @Option(
        help: ArgumentHelp(
            "Wrong tokens of one address that are looked at within a minute; 429 beyond.", valueName: "n"))
    var wrongTokensMax = 10

    @Option(
        help: ArgumentHelp(
            "Speak https with this certificate, as PEM, with those that lead to its authority behind it. Read again on SIGHUP.",
            valueName: "file"), completion: .file())
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("Its key, as PEM. Read again on SIGHUP.", valueName: "file"), completion: .file())
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "Let nobody in who shows no certificate that one of these has signed, as PEM. Read again on SIGHUP.",
            valueName: "file"), completion: .file())
    var tlsClientCA: String?

    @Option(
        help: ArgumentHelp(
            "Proxies that are believed when they say for whom they ask: addresses or networks (10.0.0.0/8), with commas between.",
            valueName: "address,…"),
        transform: { try TrustedProxyList($0) })
    var trustedProxy: TrustedProxyList?

    @Option(help: "Where a trusted proxy says for whom it asks: x-forwarded-for or forwarded.")
    var proxyHeader = TrustedProxies.Field.forwardedFor

    /// Nil where no proxy is believed.
    var proxies: TrustedProxies? { trustedProxy.map { TrustedProxies($0.networks, field: proxyHeader) } }

    /// Nil where everybody is let in.
    func control(warn: @escaping @Sendable (String) -> Void) throws(TokenFileProblem) -> AccessControl? {
        guard let tokenFile else { return nil }
        return try AccessControl(file: tokenFile, wrongTokensMax: wrongTokensMax, warn: warn)
    }

    /// Nil for plain HTTP.
    var tlsFiles: TLSFiles? {
        guard let tlsCertificate, let tlsKey else { return nil }
        return TLSFiles(certificate: tlsCertificate, key: tlsKey, clientAuthorities: tlsClientCA)
    }

    func validate() throws {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key belong together; one is missing")
        }
        guard tlsClientCA == nil || tlsCertificate != nil else {
            throw ValidationError("--tls-client-ca is for https, which --tls-certificate and --tls-key switch on")
        }
        guard (1...1_000_000).contains(wrongTokensMax) else {
            throw ValidationError("--wrong-tokens-max must be from 1 to 1000000, given \(wrongTokensMax)")
        }
        guard tokenFile == nil || !insecure else {
            throw ValidationError(
                "--token-file and --insecure exclude each other: one asks for tokens, the other does not")
        }
    }

    /// - Throws: `ValidationError` where other machines could reach what nobody guards.
    func check(host: String) throws {
        guard !Self.isLoopback(host), tokenFile == nil, !insecure else { return }
        throw ValidationError(
            "--host \(host) lets other machines in: --token-file FILE says who may do what, or --insecure lets everybody do "
                + "everything; 127.0.0.1 and ::1 need neither")
    }

    /// What whoever starts the server must know of it, said at every start.
    func warning(host: String, port: UInt16) -> String? {
        if insecure {
            return
                "--insecure: everybody who reaches \(host):\(port) may predict, read models, record observations, train "
                + "and say which model serves"
        }
        guard !Self.isLoopback(host) else { return nil }
        return
            "tokens, measurements and models pass \(host):\(port) unencrypted, unless a proxy with TLS stands before it"
    }

    /// Whether only this machine reaches an address; true for what is none, which cannot be listened on.
    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || IPAddress(host)?.isLoopback ?? true
    }
}

/// Addresses of proxies as they are typed.
struct TrustedProxyList {
    let networks: [IPNetwork]

    init(_ text: String) throws {
        networks = try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let network = IPNetwork(String(part)) else {
                throw ValidationError(
                    "'\(part)' is no address of a proxy; accepted are 127.0.0.1, ::1, and networks such as 10.0.0.0/8, with "
                        + "commas between them")
            }
            return network
        }
    }
}

extension TrustedProxies.Field: ExpressibleByArgument {}
