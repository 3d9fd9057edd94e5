import ArgumentParser
import Program
import Streaming

/// Where the model server is that a command asks, how the command shows who it is, and how it knows the server.
struct ServerAccessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Where the model server is. Default: http://127.0.0.1:8000.", valueName: "url"),
        transform: { try ServerAddress($0) })
    var server = ServerAccessOptions.defaultServer

    @Option(
        help: ArgumentHelp(
            "The token for the model server: a file of it alone, or the server's own. Read again where it is not accepted.",
            valueName: "file"), completion: .file())
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "Who may have signed the certificate of an https:// server, as PEM. Default: the system's authorities.",
            valueName: "file"), completion: .file())
    var serverCA: String?

    @Option(
        help: ArgumentHelp("The certificate to show to an https:// server, as PEM.", valueName: "file"),
        completion: .file())
    var clientCertificate: String?

    @Option(help: ArgumentHelp("Its key, as PEM.", valueName: "file"), completion: .file())
    var clientKey: String?

    func validate() throws {
        guard (clientCertificate == nil) == (clientKey == nil) else {
            throw ValidationError("--client-certificate and --client-key belong together; one is missing")
        }
        for (name, file) in [
            ("server-ca", serverCA), ("client-certificate", clientCertificate), ("client-key", clientKey),
        ] {
            guard let file else { continue }
            do throws(TokenFileProblem) {
                _ = try SecretFile(reading: file, bytesMax: 1 << 20)
            } catch {
                throw ValidationError("--\(name): \(error)")
            }
        }
    }

    /// - Throws: `ValidationError` where the file holds no token.
    func credentials() throws -> ServerCredentials {
        var credentials = ServerCredentials()
        credentials.authorityFile = serverCA
        if let clientCertificate, let clientKey { credentials.certificate = (clientCertificate, clientKey) }
        guard let tokenFile else { return credentials }
        do throws(TokenFileProblem) {
            _ = try Self.token(tokenFile)
        } catch {
            throw ValidationError("--token-file: \(error)")
        }
        credentials.token = { try? Self.token(tokenFile) }
        return credentials
    }

    private static let defaultServer: ServerAddress = {
        do { return try ServerAddress("http://127.0.0.1:8000") } catch { preconditionFailure("\(error)") }
    }()

    private static func token(_ path: String) throws(TokenFileProblem) -> String {
        let text = try SecretFile(reading: path, bytesMax: TokenFile.bytesMax).text
        do throws(TokenFileProblem) {
            return try TokenFile.tokenToSend(in: text)
        } catch {
            throw TokenFileProblem("\(path): \(error)")
        }
    }
}
