/// What a token allows. Each role includes those before it.
enum Role: String, CaseIterable, Comparable {
    /// To predict, and to look at models and their coverage.
    case read
    /// To record observations, to train, and to say which model serves.
    case write

    static func < (left: Role, right: Role) -> Bool { left == .read && right == .write }
}

/// A secret that lets whoever holds it in.
struct AccessToken: Sendable, Equatable {
    let role: Role
    /// Names the token in the log, where the secret must not stand.
    let name: String
    let secret: [UInt8]

    /// Bytes of a secret that can be had by random: 16 letters and digits are 95 bits, which nobody guesses.
    static let longSecretBytes = 16

    /// Whether it could be guessed, given time and tries.
    var isShort: Bool { secret.count < Self.longSecretBytes }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "\(name) (\(role.rawValue))" }
    var debugDescription: String { description }
    /// So that no dump shows the secret.
    var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

/// The tokens that are accepted.
struct TokenTable: Sendable, Equatable {
    let tokens: [AccessToken]

    /// The token with this secret. The time that it takes depends on the tokens alone, and not on how much of a secret was
    /// guessed.
    func token(with secret: Span<UInt8>) -> AccessToken? {
        var found: Int?
        for index in tokens.indices {
            let kept = tokens[index].secret
            if Self.areEqual(kept.span, secret) { found = index }
        }
        return found.map { tokens[$0] }
    }

    private static func areEqual(_ kept: Span<UInt8>, _ given: Span<UInt8>) -> Bool {
        guard given.count > 0 else { return false }
        var difference: UInt8 = kept.count == given.count ? 0 : 1
        // Beyond its end the given secret is read from its start, so that every byte of the kept one is compared.
        var position = 0
        for index in 0..<kept.count {
            difference |= kept[index] ^ given[position]
            position = position + 1 < given.count ? position + 1 : 0
        }
        return difference == 0
    }
}
