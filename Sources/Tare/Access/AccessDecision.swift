import Program

/// What becomes of a request for a route that needs a role: decided from values alone.
enum AccessDecision: Equatable {
    case allowed
    /// 401: nobody was named.
    case nobody
    /// 401: no token is this one.
    case wrongToken
    /// 403: the token is not for this.
    case forbidden(AccessToken)
    /// 429: too many wrong tokens came from this address.
    case limited(Duration)

    /// The right token is let in whatever else comes from its address, or a stranger behind the same proxy could lock
    /// its holder out: it is too long to be guessed at any pace. A short one could be, so it is not looked at while its
    /// address has to wait.
    ///
    /// - Parameter wait: how long no short token of this address is looked at; nil where it may be.
    init(
        for role: Role, _ credentials: Credentials, among table: TokenTable, wait: () -> Duration?
    ) {
        guard credentials != .none else {
            self = .nobody
            return
        }
        var index: Int?
        if case .secret(let secret) = credentials { index = table.index(of: secret.span) }
        if index.map({ table.isShort(at: $0) }) ?? true, let wait = wait() {
            self = .limited(wait)
        } else if let index {
            self = role <= table.role(at: index) ? .allowed : .forbidden(table.tokens[index])
        } else {
            self = .wrongToken
        }
    }
}
