/// How a client shows the model server who it is, and how it knows the server.
package struct ServerCredentials: Sendable {
    /// Gives the token to send, from where it is kept: asked for at the start, and again where the server does not accept
    /// it. Characters that a header field can hold. Nil sends none.
    package var token: (@Sendable () -> String?)?
    /// A PEM file of the authorities that may have signed the server's certificate; without it, the system's.
    package var authorityFile: String?
    /// PEM files of the client's own certificate and its key, for a server that asks for one.
    package var certificate: (file: String, keyFile: String)?

    package init() {}
}
